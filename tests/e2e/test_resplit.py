"""`resplit`: logs of a folder become N others, and back."""
import os
import random
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from harness import MALET, PROBE, FolderTest  # noqa: E402

CONFIG = "model: small\ngrid:\n  lr: [0.5, 0.25]\n  seed: [i;0:1:8]\n"


def log_text(rows, metrics=("loss",), grid=("lr", "seed"), static="model: small\n"):
    """A log as Malet writes it, of rows of cells."""
    infos = ["datetime", "duration", "commit_hash", "status"]
    lines = ["[Static Configs]", static.rstrip("\n"), "-" * 45,
             "\t".join([" " * 2, *(" " * len(name) for name in grid), *infos, *metrics]),
             "\t".join(["id", *grid, *(" " * len(name) for name in [*infos, *metrics])])]
    lines += ["\t".join([str(i), *map(str, row)]) for i, row in enumerate(rows)]
    return "\n".join(lines) + "\n"


def row(lr, seed, status="C", loss="1.5", day=2):
    return [lr, seed, f"2026-01-{day:02} 03:04:05.000006", "0 days 00:01:00.000005", "", status, loss]


def cells(path):
    """The rows of a log as they stand in the file, without their ids."""
    return [line.split("\t")[1:] for line in path.read_text().split("\n")[5:] if line]


class ResplitTest(FolderTest):
    def folder_with(self, config=CONFIG, **logs):
        exp = self.experiment(config)
        for name, text in logs.items():
            path = exp / "log.tsv" if name == "log" else exp / "log_splits" / f"{name}.tsv"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        return exp

    def resplit(self, exp, splits, *more):
        done = self.malet("resplit", exp, "-n", splits, *more)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_config_i_goes_to_split_i_modulo_n_and_back(self):
        rows = [row(lr, seed, loss=i) for i, (lr, seed) in
                enumerate((lr, seed) for lr in (0.5, 0.25) for seed in range(8))]
        exp = self.folder_with(log=log_text(rows))
        before = (exp / "log.tsv").read_bytes()
        output = self.resplit(exp, 3)
        self.assertIn("16 rows", output)
        self.assertIn("logs_backup.tsv", output)
        for split in range(3):
            self.assertEqual(cells(exp / "log_splits" / f"split_{split}.tsv"),
                             [[str(cell) for cell in line] for line in rows[split::3]])
        self.assertFalse((exp / "log.tsv").exists())
        self.assertEqual((exp / "logs_backup.tsv").read_bytes(), before)
        self.resplit(exp, 5, "--no-backup")
        self.assertEqual(len(list((exp / "log_splits").iterdir())), 5)
        self.resplit(exp, 1)
        self.assertEqual((exp / "log.tsv").read_bytes(), before)
        self.assertFalse((exp / "log_splits").exists())
        self.assertEqual(sorted(path.name for path in exp.glob("logs_backup*")),
                         ["logs_backup.tsv", "logs_backup_1.tsv"])

    def test_rows_of_random_logs_are_the_same_after_n_and_1(self):
        draw = random.Random(11)
        for number in range(12):
            keys = [(lr, seed) for lr in (0.5, 0.25) for seed in range(10)]  # two are in no grid
            draw.shuffle(keys)
            rows = [row(*draw.choice(keys) if draw.random() < 0.1 else key, draw.choice("CCF"),
                        draw.choice(["", "1e-05", "[1.0, nan]", '"a\tb"', "-3"]), draw.randint(1, 28))
                    for key in keys[:draw.randint(1, 20)]]
            exp = self.experiment(CONFIG, f"random{number}")
            (exp / "log.tsv").write_text(log_text(rows))
            expected = sorted(cells(exp / "log.tsv"))
            self.resplit(exp, draw.randint(2, 9))
            self.resplit(exp, 1)
            self.assertEqual(sorted(cells(exp / "log.tsv")), expected, f"log {number}")

    def test_of_several_logs_the_best_row_speaks_and_no_result_is_dropped(self):
        exp = self.folder_with(
            log=log_text([row(0.5, 0, "F", 1), row(0.5, 1, "C", 2), row(0.5, 2, "C", 3),
                          row(0.5, 3, "F", 4, day=9)]),
            split_0=log_text([row(0.5, 0, "C", 5), row(0.5, 1, "C", 2), row(0.5, 2, "C", 6, day=3),
                              row(0.5, 3, "F", 7, day=1)]))
        output = self.resplit(exp, 1)
        self.assertIn("3 rows left out", output)
        found = sorted((line[1], line[5], line[6]) for line in cells(exp / "log.tsv"))
        self.assertEqual(found, [("0", "C", "5"), ("1", "C", "2"), ("2", "C", "3"), ("2", "C", "6"),
                                 ("3", "F", "4")])
        self.assertEqual(len(cells(exp / "logs_backup.tsv")), 8)

    def test_columns_are_united_and_a_field_that_moved_into_the_grid_is_filled(self):
        exp = self.folder_with(
            split_0=log_text([row(0.5, 0)], metrics=("loss",)),
            split_1=log_text([[1, *row(0.5, 1)[2:6], "9", "0.25"]], metrics=("acc", "loss"),
                             grid=("seed",), static="lr: 0.5\nmodel: small\n"))
        self.resplit(exp, 1)
        rows = self.rows(exp)
        self.assertEqual([(line["lr"], line["seed"], line["loss"], line["acc"]) for line in rows],
                         [(0.5, 0, 1.5, None), (0.5, 1, 0.25, 9)])

    def test_a_static_config_with_a_metrics_name_stays(self):
        static = "loss: mse\nmodel: small\n"
        exp = self.folder_with("loss: mse\n" + CONFIG,
                               log=log_text([row(0.5, 0), row(0.5, 1)], static=static))
        before = (exp / "log.tsv").read_bytes()
        self.resplit(exp, 2)
        self.assertEqual((exp / "log_splits" / "split_1.tsv").read_text(),
                         log_text([row(0.5, 1)], static=static))
        self.resplit(exp, 1)
        self.assertEqual((exp / "log.tsv").read_bytes(), before)

    def test_log_splits_may_be_a_link(self):
        exp = self.folder_with(log=log_text([row(0.5, 0), row(0.5, 1)]))
        (self.folder / "elsewhere").mkdir()
        (exp / "log_splits").symlink_to(self.folder / "elsewhere")
        for splits in 2, 3, 1, 2:
            self.resplit(exp, splits, "--no-backup")
            self.assertEqual([line["seed"] for line in self.rows(exp)], [0, 1])
            self.assertTrue((exp / "log_splits").is_symlink())

    def test_log_splits_on_another_file_system_is_refused(self):
        exp = self.folder_with(log=log_text([row(0.5, 0), row(0.5, 1)]))
        if not os.path.isdir("/dev/shm") or os.stat("/dev/shm").st_dev == os.stat(exp).st_dev:
            self.skipTest("there is one file system only")
        with tempfile.TemporaryDirectory(dir="/dev/shm") as elsewhere:
            (exp / "log_splits").symlink_to(elsewhere)
            before = self.snapshot(exp)
            self.assert_refused(self.malet("resplit", exp, "-n", 2), "another file system")
            self.assertEqual(self.snapshot(exp), before)
            shutil.move(exp / "log.tsv", exp / "log_splits" / "split_0.tsv")
            self.resplit(exp, 1)
            self.assertEqual([line["seed"] for line in self.rows(exp)], [0, 1])

    def test_files_of_others_stay_where_they_are_and_block_nothing(self):
        exp = self.experiment("steps: 3\ngrid:\n  lr: [0.5]\n  seed: [1, 2, 3]\n")
        done = self.probe(exp, "--series", "hdf5")
        self.assertEqual(done.returncode, 0, done.stderr)
        (exp / "log.h5.d").mkdir(exist_ok=True)
        (exp / "log.h5.d" / ".nfs0001").write_text("")
        for splits in (2, 1):
            self.resplit(exp, splits)
            self.assertTrue((exp / "log.h5.d" / ".nfs0001").exists())
            self.assertEqual([row["loss"] for row in self.rows(exp)], [[1, 1 / 2, 1 / 3]] * 3)

    def test_rows_that_left_the_grid_go_to_the_first_log_and_are_reported(self):
        exp = self.folder_with(log=log_text([row(0.5, 1), row(7, 1), row(0.25, 99)]))
        output = self.resplit(exp, 2)
        self.assertIn("2 rows of configs that the grid does not have: in "
                      f"{exp}/log_splits/split_0.tsv", output)
        self.assertEqual([line[:2] for line in cells(exp / "log_splits" / "split_0.tsv")],
                         [["7", "1"], ["0.25", "99"]])

    def test_a_sweep_goes_on_in_the_new_splits(self):
        exp = self.experiment("grid:\n  lr: [0.5, 0.25]\n  seed: [1, 2, 3]\n")
        done = self.probe(exp, "--filter", "lr == 0.5")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.resplit(exp, 2)
        attempts = [len((exp / "log_splits" / f"split_{i}.tsv.attempts.jsonl").read_text()
                        .splitlines()) for i in range(2)]
        self.assertEqual(attempts, [2, 1])
        for split in range(2):
            done = self.probe(exp, "--total-splits", "2", "--curr-split", split)
            self.assertEqual(done.returncode, 0, done.stderr)
        self.resplit(exp, 1)
        self.assertEqual(self.status(exp)["completed"], 6)
        self.assertEqual(len((exp / "log.tsv.attempts.jsonl").read_text().splitlines()), 6)

    def test_a_live_writer_and_a_python_malet_are_not_disturbed(self):
        exp = self.experiment("sleep_ms: 100\ngrid:\n  lr: [0.5]\n  seed: [i;0:1:40]\n")
        job = self.start(MALET, exp, "--plugin", PROBE, "--function", "probe", "-j", "2")
        self.wait_for(lambda: (exp / "log.tsv.journal").exists())
        self.assert_refused(self.malet("resplit", exp, "-n", 2), "log.tsv.writer", str(job.pid), code=3)
        self.assert_refused(self.malet("mark-failed", exp), "log.tsv.writer", code=3)
        output = job.communicate(timeout=60)[0]
        self.assertEqual(job.returncode, 0, output)
        (exp / "log.tsv.lock").write_text("77\n")
        before = self.snapshot(exp)
        self.assert_refused(self.malet("resplit", exp, "-n", 2), "log.tsv.lock", code=3)
        self.assertEqual(self.snapshot(exp), before)

    def test_bad_input_is_told_and_changes_nothing(self):
        exp = self.folder_with(log=log_text([row(0.5, 1)]), split_0=log_text([row(0.5, 2)]))
        empty = self.experiment(CONFIG, "empty")
        before = self.snapshot(self.folder)
        self.assert_refused(self.malet("resplit", exp, "-n", 0), "from 1 to 100000")
        self.assert_refused(self.malet("resplit", exp, "-n", "x"), "x")
        self.assert_refused(self.malet("resplit", exp, "-n", "-1"), "'-1' is no whole number")
        self.assert_refused(self.malet("resplit", exp), "--splits")
        self.assert_refused(self.malet("resplit", empty, "-n", 2), "no logs")
        self.assert_refused(self.malet("resplit", self.folder / "nowhere", "-n", 2), "nowhere")
        (exp / "log_splits" / "split_0.tsv").write_text("[Static Configs]\nhalf")
        (exp / "log.tsv").write_text(log_text([row(0.5, 1)], static="model: other\n"))
        broken = self.snapshot(self.folder)
        self.assert_refused(self.malet("resplit", exp, "-n", 2), "log.tsv")
        self.assertEqual(self.snapshot(self.folder), broken)
        self.assertEqual(sorted(before), sorted(broken))

    def test_an_intent_that_is_none_is_told_by_every_command(self):
        exp = self.folder_with(log=log_text([row(0.5, 1)]))
        bad = ["", "{}", '{"remove": ["../x"], "move": []}', '{"remove": ["/etc/x"], "move": []}',
               '{"remove": [], "move": [["a"]]}', '{"remove": 1, "move": []}', "nonsense"]
        for text in bad:
            (exp / "resplit.intent").write_text(text)
            before = self.snapshot(exp)
            for command in ("status", "plan", "show"):
                self.assert_refused(self.malet(command, exp), "resplit.intent")
            self.assertEqual(self.snapshot(exp), before, text)

    @unittest.skipIf(os.geteuid() == 0 and not os.access("/usr/bin/setpriv", os.X_OK),
                     "root writes everywhere")
    def test_a_folder_that_cannot_be_written_stays_as_it_is(self):
        exp = self.folder_with(log=log_text([row(0.5, 1)]))
        before = self.snapshot(exp)
        self.folder.chmod(0o755)
        exp.chmod(0o555)
        self.addCleanup(exp.chmod, 0o755)
        nobody = (["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
                  if os.geteuid() == 0 else [])
        done = self.call(*nobody, MALET, "resplit", exp, "-n", 2)
        self.assert_refused(done, str(exp), "Permission denied")
        self.assertEqual(self.snapshot(exp), before)
        (exp / "resplit.intent").write_text('{"remove": [], "move": []}\n')
        if nobody:
            done = self.call(*nobody, MALET, "status", exp)
            self.assert_refused(done, "resplit.intent", "cut off", "Permission denied")
        self.assertEqual(self.status(exp)["total"], 16)
        self.assertEqual(self.snapshot(exp), before)


if __name__ == "__main__":
    unittest.main(verbosity=2)
