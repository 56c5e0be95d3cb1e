"""`malet-mpi export` and `show --best`: results for other programs, and the best of them."""
import csv
import json
import os
import statistics
import unittest

from harness import MALET, FolderTest

CONFIG = "model: net\ngrid:\n  opt: [sgd, adam]\n  lr: [0.1, 0.01]\n  seed: [1, 2, 3]\n"
COMMAND = """sh -c 'echo "{{\\"loss\\": {seed}}}" >>"$MALET_METRICS";
echo "{{\\"loss\\": [{lr}, {seed}]}}" >>"$MALET_METRICS"; test {seed} != 3 -o {opt} != adam'"""


class ResultsTest(FolderTest):
    def setUp(self):
        super().setUp()
        self.exp = self.experiment(CONFIG)
        done = self.malet(self.exp, "--command", COMMAND, "-j", "2", timeout=300)
        self.assertEqual(done.returncode, 1, done.stderr)  # adam with seed 3 fails

    def export(self, what, name, *flags):
        out = self.folder / name
        done = self.malet("export", what, "-o", out, *flags)
        self.assertEqual(done.returncode, 0, done.stderr)
        return out.read_text()


class ExportTest(ResultsTest):
    def test_all_forms_hold_the_rows_of_show(self):
        wanted = self.rows(self.exp)
        self.assertEqual(len(wanted), 12)
        self.assertEqual(json.loads(self.export(self.exp, "a.json"))["rows"], wanted)
        lines = self.export(self.exp, "a.jsonl").splitlines()
        self.assertEqual([json.loads(line) for line in lines], wanted)
        for name, delimiter in (("a.csv", ","), ("a.tsv", "\t")):
            text = self.export(self.exp, name)
            rows = list(csv.DictReader(text.splitlines(), delimiter=delimiter))
            self.assertEqual([(row["opt"], float(row["lr"]), int(row["seed"]), row["status"])
                              for row in rows],
                             [(row["opt"], row["lr"], row["seed"], row["status"])
                              for row in wanted])
        text = self.export(self.exp / "log.tsv", "b.csv")
        self.assertEqual(text, self.export(self.exp, "a.csv"))

    def test_the_long_form_has_a_row_per_step(self):
        rows = [json.loads(line) for line in
                self.export(self.exp, "a.jsonl", "--melted").splitlines()]
        one = [row for row in rows if (row["opt"], row["lr"], row["seed"]) == ("sgd", 0.01, 2)]
        self.assertEqual([(row["metric"], row["step"], row["total_steps"], row["metric_value"])
                          for row in one],
                         [("loss", 1, 3, 2), ("loss", 2, 3, 0.01), ("loss", 3, 3, 2)])
        text = self.export(self.exp, "a.csv", "--melted")
        self.assertEqual(len(text.splitlines()), len(rows) + 1)

    def test_a_static_config_may_have_a_metrics_name(self):
        for file in self.exp / "log.tsv", self.exp / "exp_config.yaml":
            file.write_text(file.read_text().replace("model: net\n", "loss: mse\nmodel: net\n"))
        log = self.exp / "log.tsv"
        for what in self.exp, log:
            inlined = self.export(what, f"{what.name}.a.tsv", "--inline")
            self.assertEqual(inlined, log.read_text())
            self.assertIn(",loss,3,3,2.0\n", self.export(what, "a.csv", "--melted"))
            done = self.malet("export", what, "-o", self.folder / "b.h5")
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_file_is_replaced_but_never_a_log(self):
        self.export(self.exp, "a.csv")
        self.export(self.exp, "a.csv")
        before = self.snapshot(self.folder)
        for out, word in ((self.exp / "log.tsv", "this is a log"),
                          (self.folder / "a.xlsx", "unknown extension"),
                          (self.folder / "a", "unknown extension")):
            self.assert_refused(self.malet("export", self.exp, "-o", out), word)
        self.assert_refused(self.malet("export", self.folder / "none", "-o",
                                       self.folder / "c.csv"), "does not exist")
        self.assert_refused(self.malet("export", self.exp), "--output")
        self.assertEqual(self.snapshot(self.folder), before)

    def test_nothing_is_written_where_it_would_be_taken_for_a_log_or_its_series(self):
        (self.exp / "log_splits").mkdir()
        (self.exp / "log.tsv").rename(self.exp / "log_splits" / "split_0.tsv")
        (self.folder / "link").symlink_to(self.exp / "log_splits")
        self.malet("export", self.exp, "-o", self.folder / "a.h5")
        before = self.snapshot(self.folder)
        for out in ("exp/log_splits/a.h5", "exp/log_splits/a.tsv", "exp/log_splits/a.csv",
                    "link/a.tsv", "exp/log.tsv", "exp/log.h5", "exp/log.tsv.attempts.jsonl",
                    "exp/log.h5.d/00000001-00000001.h5", "other/log_splits/a.json"):
            with self.subTest(out):
                done = self.malet("export", self.exp, "-o", self.folder / out)
                self.assert_refused(done, out, "name another file")
        self.assert_refused(self.malet("export", self.exp, "-o", self.folder / "a.tsv", "--inline"),
                            "a.tsv", "a.h5", "name another file")
        done = self.call("sh", "-c", 'cd "$1" && exec "$2" export .. -o a.tsv', "sh",
                         self.exp / "log_splits", MALET)
        self.assert_refused(done, "a.tsv", "name another file")
        self.assertEqual(self.snapshot(self.folder), before)
        self.assertEqual(len(self.rows(self.exp)), 12)
        self.export(self.exp, "exp/a.csv")

    def test_a_damaged_log_leaves_no_file(self):
        log = self.exp / "log.tsv"
        log.write_text(log.read_text()[:-4])
        before = self.snapshot(self.folder)
        self.assert_refused(self.malet("export", self.exp, "-o", self.folder / "c.csv"),
                            "log.tsv:", "cut off")
        self.assertEqual(self.snapshot(self.folder), before)

    def test_cells_that_do_not_parse_are_told_and_nothing_is_written(self):
        log = self.exp / "log.tsv"
        text = log.read_text()
        lists = [cell for cell in text.splitlines()[-1].split("\t") if cell.startswith("[")]
        damages = {"[1, 0.": ((lists[0], "[1, 0."), ("export", "merge")),
                   "'Q'": (("\tC\t", "\tQ\t"), ("export", "merge", "status", "show", "run")),
                   "no duration": ((" days ", " dyas "), ("export", "merge"))}
        for words, (change, commands) in damages.items():
            log.write_text(text.replace(*change))
            self.assertNotEqual(log.read_text(), text)
            before = self.snapshot(self.folder)
            arguments = {"export": ("-o", self.folder / "c.csv"), "run": ("--command", "true"),
                         "merge": ("-o", self.folder / "m.tsv")}
            for command in commands:
                done = self.malet(command, self.exp, *arguments.get(command, ()))
                self.assert_refused(done, "log.tsv:", "id", words)
            self.assertEqual(self.snapshot(self.folder), before)
        log.write_text(text)

    def test_a_file_that_cannot_be_written_is_said(self):
        done = self.malet("export", self.exp, "-o", self.exp / "exp_config.yaml" / "a.csv")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("a.csv", done.stderr)
        self.assertTrue(os.path.isfile(self.exp / "exp_config.yaml"))


class BestTest(ResultsTest):
    def test_the_best_config_per_group_with_mean_and_standard_error(self):
        found = self.json("show", self.exp, "--best", "loss:max", "--per", "opt", "--mean-over",
                          "seed", "--format", "json")
        self.assertEqual(found["left_out"], {"not_complete": 2, "without_value": 0})
        self.assertEqual(found["best"], {"metric": "loss", "goal": "max", "per": ["opt"],
                                         "mean_over": ["seed"]})
        sgd, adam = found["rows"]
        self.assertEqual((sgd["opt"], sgd["n"], sgd["loss_mean"]), ("sgd", 3, 2.0))
        self.assertAlmostEqual(sgd["loss_stderr"], statistics.stdev([1, 2, 3]) / 3 ** 0.5)
        self.assertEqual((adam["opt"], adam["n"], adam["loss_mean"]), ("adam", 2, 1.5))

    def test_other_forms_say_the_same(self):
        flags = ["show", self.exp, "--best", "loss", "--per", "opt,lr", "--mean-over", "seed"]
        done = self.malet(*flags)
        self.assertEqual(len(done.stdout.splitlines()), 6, done.stdout)
        self.assertIn("2 not complete", done.stdout)
        for form, delimiter in (("csv", ","), ("tsv", "\t")):
            done = self.malet(*flags, "--format", form)
            rows = list(csv.DictReader(done.stdout.splitlines(), delimiter=delimiter))
            self.assertEqual([row["n"] for row in rows], ["3", "3", "2", "2"])
            self.assertIn("2 not complete", done.stderr)

    def test_infinite_values_make_infinite_means(self):
        log = self.exp / "log.tsv"
        lines = log.read_text().splitlines()
        for i, value in ((6, "inf"), (9, "inf"), (10, "-inf")):
            lines[i] = "\t".join([*lines[i].split("\t")[:-1], value])
        log.write_text("\n".join(lines) + "\n")
        flags = ["show", log, "--best", "loss:max", "--per", "opt,lr", "--mean-over", "seed"]
        for form in "table", "csv", "tsv", "json":
            done = self.malet(*flags, "--format", form)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertNotIn("-nan", done.stdout.lower())
        rows = self.json(*flags, "--format", "json")["rows"]
        self.assertEqual(rows[0]["loss_mean"], float("inf"))
        self.assertIsNone(rows[1]["loss_mean"])  # infinities of both signs
        self.assertIsNone(rows[0]["loss_stderr"])

    def test_filters_come_first(self):
        found = self.json("show", self.exp, "--filter", "seed != 3 and lr == 0.01", "--best",
                          "loss", "--mean-over", "seed", "--format", "json")
        self.assertEqual([(row["lr"], row["n"]) for row in found["rows"]], [(0.01, 2)])
        self.assertEqual(found["left_out"]["not_complete"], 0)

    def test_flags_that_make_no_sense_are_refused(self):
        for flags in (["--best", "loss", "--top", "3"], ["--best", "loss", "--sort", "lr"],
                      ["--per", "opt"], ["--mean-over", "seed"], ["--best", "accuracy"],
                      ["--best", "loss", "--per", "depth"], ["--best", ""],
                      ["--best", "commit_hash:max", "--per", "loss"]):
            with self.subTest(flags):
                self.assert_refused(self.malet("show", self.exp, *flags))


if __name__ == "__main__":
    unittest.main()
