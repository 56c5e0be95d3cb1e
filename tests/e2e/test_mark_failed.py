"""`mark-failed`: rows of runs that nobody runs any more become failed ones."""
import signal
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from harness import MALET, PROBE, FolderTest  # noqa: E402
from test_resplit import CONFIG, cells, log_text, row  # noqa: E402


class MarkFailedTest(FolderTest):
    def test_running_rows_of_all_logs_become_failed_ones(self):
        exp = self.experiment(CONFIG)
        (exp / "log.tsv").write_text(log_text([row(0.5, 0), row(0.5, 1, "R", 7), row(9, 9, "R")]))
        (exp / "log_splits").mkdir()
        (exp / "log_splits" / "split_1.tsv").write_text(log_text([row(0.5, 2, "R"), row(0.5, 3, "F")]))
        done = self.malet("mark-failed", exp)
        self.assertEqual((done.returncode, done.stdout), (0, "3 rows marked as failed\n"), done.stderr)
        rows = cells(exp / "log.tsv") + cells(exp / "log_splits" / "split_1.tsv")
        self.assertEqual(sorted((line[1], line[5]) for line in rows),
                         [("0", "C"), ("1", "F"), ("2", "F"), ("3", "F"), ("9", "F")])
        self.assertIn("7", [line[6] for line in rows])  # what it had reported stays
        before = self.snapshot(exp)
        self.assertEqual(self.malet("mark-failed", exp).stdout, "0 rows marked as failed\n")
        self.assertEqual(self.snapshot(exp), before)

    def test_what_a_killed_job_left_is_brought_in_order(self):
        exp = self.experiment("sleep_ms: 200\ngrid:\n  lr: [0.5]\n  seed: [i;0:1:40]\n")
        job = self.start(MALET, exp, "--plugin", PROBE, "--function", "probe", "-j", "2")
        self.wait_for(lambda: (exp / "log.tsv.journal").exists() and
                      self.status(exp)["completed"] > 1)
        job.send_signal(signal.SIGKILL)
        job.communicate(timeout=30)
        before = self.status(exp)
        done = self.malet("mark-failed", exp)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertFalse((exp / "log.tsv.journal").exists())
        self.assertNotIn("R", {line[5] for line in cells(exp / "log.tsv")})
        self.assertEqual(self.status(exp)["completed"], before["completed"])

    def test_bad_input_is_told(self):
        self.assert_refused(self.malet("mark-failed", self.folder / "nowhere"), "nowhere")
        self.assert_refused(self.malet("mark-failed", self.folder), "exp_config.yaml")
        self.assertEqual(list(self.folder.iterdir()), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
