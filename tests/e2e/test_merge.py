"""`malet-mpi merge`: logs and folders become one log, or nothing on disk changes."""
import os
import pathlib
import pty
import select
import subprocess
import unittest

from harness import MALET, FolderTest

CASES = pathlib.Path(__file__).parent.parent / "data" / "conformance_merge"
RULE = "-" * 45
INFO = ["datetime", "duration", "commit_hash", "status"]
EARLY, LATE = "2026-01-02 03:04:05.000006", "2026-01-02 03:04:06.000006"


def log_text(statics, grid, metrics, rows):
    """A log; rows hold grid cells, datetime, status and metric cells."""
    above = [" " * len(name) for name in grid] + INFO + metrics
    below = grid + [" " * len(name) for name in INFO + metrics]
    lines = ["[Static Configs]", *(statics or ["{}"]), RULE, "\t".join(["  "] + above),
             "\t".join(["id"] + below)]
    for i, row in enumerate(rows):
        count = len(grid)
        cells = [*row[:count], row[count], "0 days 00:00:01", "", *row[count + 1:]]
        lines.append("\t".join([str(i), *map(str, cells)]))
    return "\n".join(lines) + "\n"


class MergeTest(FolderTest):
    def log(self, name, statics, grid, rows, metrics=("loss",)):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(log_text(statics, grid, list(metrics), rows))
        return path

    def merged(self, *arguments):
        """The rows of the result, which must have come about."""
        out = self.folder / "out.tsv"
        done = self.malet("merge", *arguments, "-o", out)
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.json("show", out, "--format", "json")

    def refused(self, *arguments, words=(), code=2):
        before = self.snapshot(self.folder)
        done = self.malet("merge", *arguments)
        self.assert_refused(done, *words, code=code)
        self.assertEqual(self.snapshot(self.folder), before)


class ConformanceTest(MergeTest):
    def test_all_cases_are_merged_as_python_malet_does(self):
        cases = sorted(CASES.iterdir())
        self.assertEqual(len(cases), 5)
        for case in cases:
            with self.subTest(case.name):
                out = self.folder / f"{case.name}.tsv"
                done = self.malet("merge", case / "a.tsv", case / "b.tsv", "-o", out)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(out.read_text(), (case / "merged.tsv").read_text())
        self.assertEqual(sorted(self.snapshot(self.folder)),
                         [f"{case.name}.tsv" for case in cases])


class FieldsTest(MergeTest):
    def setUp(self):
        super().setUp()
        self.a = self.log("a.tsv", ["model: cnn", "wd: 0"], ["rate"], [["0.1", EARLY, "C", "1.0"]])
        self.b = self.log("b.tsv", ["model: cnn"], ["lr", "seed"],
                          [["0.2", "1", EARLY, "C", "2.0"]])

    def test_lacking_fields_are_refused_by_name(self):
        self.refused(self.a, self.b, "-o", self.folder / "out.tsv",
                     words=["a.tsv has no field 'lr', 'seed'", "b.tsv has no field 'rate', 'wd'"])

    def test_different_fills_with_nulls(self):
        found = self.merged(self.a, self.b, "--different")
        self.assertEqual(found["grid_fields"], ["rate", "lr", "seed", "wd"])
        self.assertEqual([row["wd"] for row in found["rows"]], [0, None])
        self.assertEqual([row["seed"] for row in found["rows"]], [None, 1])

    def test_flags_solve_conflicts_one_by_one(self):
        found = self.merged(self.a, self.b, "--set", "self:seed=[1, 2]", "--drop", "wd",
                            "--rename", "self:rate=lr")
        self.assertEqual(found["grid_fields"], ["lr", "seed"])
        self.assertEqual([(row["lr"], row["seed"]) for row in found["rows"]],
                         [(0.1, [1, 2]), (0.2, 1)])

    def test_flags_that_make_no_sense_are_refused(self):
        out = self.folder / "out.tsv"
        for flags, word in [(["--set", "seed=1"], "self:FIELD=VALUE"),
                            (["--set", "third:seed=1"], "self:FIELD=VALUE"),
                            (["--set", "self:=1"], "self:FIELD=VALUE"),
                            (["--set", "self:seed=[1"], "'[1' is no value"),
                            (["--set", "other:seed=1"], "no log of other lacks the field 'seed'"),
                            (["--rename", "other:x=y"], "no log of other has the field 'x'"),
                            (["--rename", "other:lr=seed"], "cannot become"),
                            (["--rename", "other:lr="], "is empty"),
                            (["--drop", "x"], "no log has the field 'x'"),
                            (["--prefer", "best"], "none of self|other|newest")]:
            with self.subTest(flags):
                self.refused(self.a, self.b, "-o", out, *flags, words=[word])


class RowsTest(MergeTest):
    def setUp(self):
        super().setUp()
        self.a = self.log("a.tsv", [], ["lr"], [["0.1", LATE, "C", "1.0"], ["0.2", EARLY, "F", ""],
                                                ["0.3", EARLY, "C", "5.0"]])
        self.b = self.log("b.tsv", [], ["lr"], [["0.1", EARLY, "C", "2.0"],
                                                ["0.2", EARLY, "C", "3.0"],
                                                ["0.30", EARLY, "C", "5"]])

    def test_a_conflict_names_the_config(self):
        self.refused(self.a, self.b, "-o", self.folder / "out.tsv", words=["lr=0.1", "--prefer"])

    def test_prefer_decides_where_status_and_values_do_not(self):
        for prefer, loss in (("self", 1.0), ("other", 2.0), ("newest", 1.0)):
            with self.subTest(prefer):
                rows = self.merged(self.a, self.b, "--prefer", prefer, "--force")["rows"]
                self.assertEqual([(row["lr"], row["loss"]) for row in rows],
                                 [(0.1, loss), (0.2, 3.0), (0.3, 5.0)])


class FolderMergeTest(MergeTest):
    def test_a_folder_stands_for_all_its_logs_and_journals(self):
        exp = self.experiment("grid:\n  lr: [0.1, 0.2, 0.3, 0.4]\n")
        for split in "0", "1":
            done = self.malet(exp, "--command", "true", "--total-splits", "2", "--curr-split",
                              split)
            self.assertEqual(done.returncode, 0, done.stderr)
        before = self.snapshot(exp)
        rows = self.merged(exp)["rows"]
        self.assertEqual(sorted(row["lr"] for row in rows), [0.1, 0.2, 0.3, 0.4])
        self.assertEqual(self.snapshot(exp), before)
        rows = self.merged(exp / "log_splits", "--force")["rows"]
        self.assertEqual(len(rows), 4)

    def test_a_killed_jobs_journal_is_read_and_taken_into_a_log_that_is_replaced(self):
        exp = self.experiment("grid:\n  i: [i;0:1:200]\n")
        job = self.start(MALET, exp, "--command", "sleep 0.02")
        journal = exp / "log.tsv.journal"
        self.wait_for(lambda: journal.exists() and journal.read_bytes().count(b"\trow\t") +
                      journal.read_bytes().count(b" row\t") >= 3, seconds=120)
        job.kill()
        job.wait()
        job.stdout.close()
        self.assertTrue(journal.exists())
        held = len(self.json("show", exp / "log.tsv", "--format", "json")["rows"])
        self.assertGreaterEqual(held, 3)
        self.assertEqual(len(self.merged(exp)["rows"]), held)
        self.assertTrue(journal.exists())
        other = self.log("other.tsv", [], ["i"], [["1000", EARLY, "C"]], metrics=[])
        done = self.malet("merge", exp, other, "-o", exp / "log.tsv")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertFalse(journal.exists())
        rows = self.json("show", exp / "log.tsv", "--format", "json")["rows"]
        self.assertEqual(len(rows), held + 1)
        self.assertNotIn("R", [row["status"] for row in rows])


class OutTest(MergeTest):
    def setUp(self):
        super().setUp()
        self.a = self.log("a.tsv", [], ["lr"], [["0.1", EARLY, "C", "1.0"]])
        self.b = self.log("b.tsv", [], ["lr"], [["0.2", EARLY, "C", "2.0"]])

    def test_a_file_with_other_content_is_not_overwritten(self):
        out = self.folder / "out.tsv"
        out.write_text("something else")
        self.refused(self.a, self.b, "-o", out, words=["out.tsv", "--force"])
        self.assertEqual(len(self.merged(self.a, self.b, "--force")["rows"]), 2)
        self.assertEqual(len(self.merged(self.a, self.b)["rows"]), 2)  # has that content now

    def test_one_of_the_logs_may_be_the_result(self):
        link = self.folder / "link"
        link.symlink_to(self.folder)
        done = self.malet("merge", self.a, self.b, "-o", link / "a.tsv")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(self.json("show", self.a, "--format", "json")["rows"]), 2)

    def test_a_stray_journal_or_a_folder_in_the_way_is_refused(self):
        (self.folder / "out.tsv.journal").write_text("x")
        self.refused(self.a, "-o", self.folder / "out.tsv", words=["out.tsv.journal"])
        (self.folder / "dir").mkdir()
        self.refused(self.a, "-o", self.folder / "dir", words=["dir"])

    def test_files_where_its_series_would_be_stay(self):
        (self.folder / "out.h5").write_text("mine")
        for out in "out.tsv", "out.2":
            self.refused(self.a, "-o", self.folder / out, words=["out.h5", "--force"])
        self.refused(self.a, "-o", self.folder / "other.h5", "--force", words=["other.h5", ".tsv"])
        done = self.malet("merge", self.a, "-o", self.folder / "out.tsv", "--force")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertFalse((self.folder / "out.h5").exists())
        self.assertEqual(len(self.json("show", self.folder / "out.tsv", "--format", "json")["rows"]),
                         1)

    def test_a_log_that_somebody_writes_is_refused(self):
        exp = self.experiment("grid:\n  lr: [0.1]\n")
        job = self.start(MALET, exp, "--command", "sleep 300")
        self.addCleanup(job.stdout.close)
        self.addCleanup(job.wait)
        self.addCleanup(job.terminate)
        self.wait_for((exp / "log.tsv.writer").exists, seconds=120)
        self.wait_for((exp / "log.tsv").exists, seconds=120)
        done = self.malet("merge", exp, "-o", exp / "log.tsv")
        self.assert_refused(done, "log.tsv.writer", code=3)


class BadInputTest(MergeTest):
    def setUp(self):
        super().setUp()
        self.a = self.log("a.tsv", [], ["lr"], [["0.1", EARLY, "C", "1.0"]])
        self.out = self.folder / "out.tsv"

    def test_what_is_missing_or_no_log(self):
        (self.folder / "empty").mkdir()
        text = self.folder / "text.tsv"
        text.write_text("a\tb\n1\t2\n")
        cut = self.folder / "cut.tsv"
        cut.write_text(self.a.read_text()[:-3])
        bad = self.folder / "bad.tsv"
        bad.write_text(self.a.read_text().replace("1.0", '"1.0'))
        for path, word in [(self.folder / "none.tsv", "does not exist"),
                           (self.folder / "empty", "no log in this folder"),
                           (text, "[Static Configs]"), (cut, "cut off"),
                           (bad, "never closed"), (os.devnull, "dev/null")]:
            with self.subTest(path):
                self.refused(self.a, path, "-o", self.out, words=[word])

    def test_usage(self):
        self.refused(self.a, words=["--output"])
        self.refused("-o", self.out, words=["LOG"])

    def test_a_metric_here_that_is_a_config_field_there(self):
        other = self.log("b.tsv", ["loss: 1"], ["lr"], [["0.1", EARLY, "C", "2"]], metrics=["acc"])
        self.refused(self.a, other, "-o", self.out, "--different", words=["'loss' is a metric"])

    def test_another_experiments_log(self):
        other = self.log("b.tsv", ["data: x"], ["depth"], [["3", EARLY, "C", "2"]])
        self.refused(self.a, other, "-o", self.out, words=["a.tsv has no field", "depth"])


class DialogueTest(MergeTest):
    def setUp(self):
        super().setUp()
        self.a = self.log("a.tsv", ["model: cnn", "wd: 0"], ["rate"], [["0.1", EARLY, "C", "1.0"]])
        self.b = self.log("b.tsv", ["model: cnn"], ["lr", "seed"],
                          [["0.1", "1", LATE, "C", "2.0"], ["0.2", "1", LATE, "C", "2.0"]])
        self.out = self.folder / "out.tsv"
        self.command = [MALET, "merge", str(self.a), str(self.b), "-o", str(self.out),
                        "--interactive"]

    # 'lr' is self's rate, 'seed' is 1 in self, 'wd' goes; of the two rows other's stays.
    ANSWERS = ["merge rate", "s 1", "remove", "o"]

    def check_result(self):
        found = self.json("show", self.out, "--format", "json")
        self.assertEqual(found["grid_fields"], ["rate", "seed"])
        self.assertEqual([(row["rate"], row["seed"], row["loss"]) for row in found["rows"]],
                         [(0.1, 1, 2.0), (0.2, 1, 2.0)])

    def answer(self, lines):
        return subprocess.run(self.command, input="".join(line + "\n" for line in lines),
                              text=True, capture_output=True, env=self.environment, timeout=300)

    def test_answers_over_a_pipe(self):
        done = self.answer(["what?", "merge model", "set [1", "set", *self.ANSWERS])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.count("that is none of the answers"), 2, done.stdout)
        for word in ("a.tsv", "b.tsv", "(missing)", "merge FIELD  there it is called FIELD: rate, wd",
                     "'[1' is no value", "name the value", "Which one is to stay?"):
            self.assertIn(word, done.stdout)
        self.check_result()

    def test_the_end_of_the_input_gives_up_and_changes_nothing(self):
        before = self.snapshot(self.folder)
        for count in range(len(self.ANSWERS)):
            with self.subTest(count):
                done = self.answer(self.ANSWERS[:count])
                self.assertEqual(done.returncode, 2, done.stdout)
                self.assertIn("given up", done.stderr)
        done = self.answer([*self.ANSWERS[:2], "quit", "remove", "o"])
        self.assertEqual(done.returncode, 2)
        self.assertEqual(self.snapshot(self.folder), before)

    def test_one_answer_for_all_rows(self):
        rows = [[f"0.{i}", EARLY, "C", "1"] for i in range(1, 5)]
        a = self.log("c.tsv", [], ["lr"], rows)
        b = self.log("d.tsv", [], ["lr"], [[row[0], LATE, "C", "2"] for row in rows])
        self.command = [MALET, "merge", str(a), str(b), "-o", str(self.out), "--interactive"]
        done = self.answer(["self", "newest all"])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([row["loss"] for row in self.rows(self.out)], [1, 2, 2, 2])

    def test_answers_at_a_terminal(self):
        leader, follower = pty.openpty()
        job = subprocess.Popen(self.command, stdin=follower, stdout=follower,
                               stderr=subprocess.PIPE, env=self.environment)
        os.close(follower)
        self.addCleanup(os.close, leader)
        self.addCleanup(job.stderr.close)
        for line in self.ANSWERS:
            self.read_until(leader, b"\n> ")
            os.write(leader, line.encode() + b"\n")
        self.read_until(leader, b"2 rows of 2 logs")
        self.assertEqual(job.wait(timeout=300), 0)
        self.check_result()

    def read_until(self, descriptor, end):
        text = b""
        while end not in text.replace(b"\r", b""):
            ready, _, _ = select.select([descriptor], [], [], 120)
            self.assertTrue(ready, text)
            text += os.read(descriptor, 4096)


if __name__ == "__main__":
    unittest.main()
