"""Two jobs on one experiment: one writes, the other is told; a dead writer's place is taken."""
import json
import os
import pathlib
import signal
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "e2e"), str(HERE.parent / "audit")]
from audit import Audit  # noqa: E402
from harness import MALET, PROBE, FolderTest, ranks  # noqa: E402

GRID = "sleep_ms: 20\ngrid:\n  lr: [0.5]\n  seed: [i;0:1:150]\n"


class WritersTest(FolderTest):
    def command(self, exp, *more):
        return [MALET, exp, "--plugin", PROBE, "--function", "probe", "-j", "2", *more]

    def held_grid(self):
        """An experiment whose jobs do not end before `release()`."""
        return self.experiment(self.held(20) + GRID)

    def begin(self, exp, *more):
        """A job that has begun to write."""
        job = self.start(*self.command(exp, *more))
        self.wait_for(lambda: list(exp.rglob("*.tsv.journal")) and
                      self.status(exp)["completed"] > 3)
        return job

    def end(self, job, code=0):
        output = job.communicate(timeout=60)[0]
        self.assertEqual(job.returncode, code, output)
        return output

    def assert_finished(self, exp, runs=150):
        audit = Audit(exp)
        audit.check_rows(runs)
        audit.check_attempts()
        audit.check_finished()
        self.assertEqual(audit.findings, [])

    def test_of_two_jobs_on_one_log_one_runs_and_one_leaves_with_3(self):
        exp = self.held_grid()
        jobs = [self.start(*command) for command in
                (self.command(exp), ranks(2, *self.command(exp)[:-2]))]
        self.wait_for(lambda: any(job.poll() is not None for job in jobs))
        self.release()
        codes = sorted(job.wait(timeout=60) for job in jobs)
        outputs = [job.communicate()[0] for job in jobs]
        self.assertEqual(codes, [0, 3], outputs)
        self.assertTrue(any("log.tsv.writer" in output for output in outputs), outputs)
        self.assert_finished(exp)

    def test_the_holder_is_named_and_reading_goes_on(self):
        exp = self.held_grid()
        job = self.begin(exp)
        before = (exp / "log.tsv.writer").read_bytes()
        refused = self.call(*self.command(exp))
        self.assert_refused(refused, "log.tsv.writer", str(job.pid), os.uname().nodename, code=3)
        self.assertEqual((exp / "log.tsv.writer").read_bytes(), before)
        self.assertGreater(self.status(exp)["running"], 0)
        self.assertEqual(self.malet("show", exp / "log.tsv").returncode, 0)
        self.release()
        self.end(job)
        self.assert_finished(exp)

    def test_a_killed_job_is_followed_at_once_and_its_runs_count_as_failed(self):
        exp = self.held_grid()
        job = self.begin(exp)
        job.kill()
        job.communicate(timeout=30)
        status = self.counts(exp)
        self.assertEqual(status["running"], 0)
        self.assertGreater(status["failed"], 0)
        self.assertEqual(sum(status.values()), 2 * status["total"])
        self.assertEqual(self.malet("status", exp, "--exit-code").returncode, 75)
        self.release()
        self.end(self.start(*self.command(exp)))
        self.assert_finished(exp)

    def holder_elsewhere(self, exp, age):
        """Lets the writer file be of a job on another machine that touched it so long ago."""
        file = exp / "log.tsv.writer"
        holder = json.loads(file.read_text())
        for key, value in holder.items():
            if isinstance(value, str) and key not in ("started", "mode", "splits"):
                holder[key] = "f" * 32 if key == "token" else "elsewhere"
        file.write_text(json.dumps(holder))
        os.utime(file, (time.time() - age, time.time() - age))

    def test_a_writer_on_another_machine_is_dead_after_two_minutes(self):
        exp = self.held_grid()
        job = self.begin(exp)
        job.kill()
        job.communicate(timeout=30)
        for age in (-3600, 100):  # a clock that went back, and a pause
            self.holder_elsewhere(exp, age)
            self.assert_refused(self.call(*self.command(exp)), "elsewhere", code=3)
        self.holder_elsewhere(exp, 130)
        self.release()
        self.end(self.start(*self.command(exp)))
        self.assert_finished(exp)

    def test_a_requeued_job_waits_for_its_predecessor(self):
        """It has the same number, which says nothing of whether the earlier one is gone."""
        exp = self.held_grid()
        first = self.start(*self.command(exp), SLURM_JOB_ID="7", SLURM_RESTART_COUNT="0")
        self.wait_for(lambda: (exp / "log.tsv").exists() and self.status(exp)["completed"] > 3)
        again = {"SLURM_JOB_ID": "7", "SLURM_RESTART_COUNT": "1"}
        second = self.start(*self.command(exp), **again)
        self.assertIn("log.tsv.writer", self.end(second, code=3))
        first.kill()
        first.communicate(timeout=30)
        self.holder_elsewhere(exp, 30)
        self.assertIn("elsewhere", self.end(self.start(*self.command(exp), **again), code=3))
        self.holder_elsewhere(exp, 130)
        self.release()
        self.end(self.start(*self.command(exp), **again))
        self.assert_finished(exp)

    def test_a_torn_writer_file_counts_by_its_age(self):
        exp = self.experiment(GRID)
        file = exp / "log.tsv.writer"
        file.write_text('{"token": "ab')
        self.assert_refused(self.call(*self.command(exp)), "log.tsv.writer", code=3)
        os.utime(file, (1, 1))
        self.end(self.start(*self.command(exp)))
        self.assert_finished(exp)

    def test_a_job_that_was_taken_for_dead_leaves_and_writes_no_more(self):
        exp = self.experiment(GRID.replace("150", "600"))
        job = self.begin(exp)
        os.kill(job.pid, signal.SIGSTOP)
        self.holder_elsewhere(exp, 130)
        other = self.begin(exp)
        os.kill(job.pid, signal.SIGCONT)
        self.assertIn("taken", self.end(job, 3))
        self.end(other)
        audit = Audit(exp)
        audit.check_rows(600)
        audit.check_finished()
        self.assertEqual(audit.findings, [])

    def test_a_writer_file_that_is_removed_ends_the_job(self):
        exp = self.experiment(GRID.replace("150", "600"))
        job = self.begin(exp)
        (exp / "log.tsv.writer").unlink()
        self.end(job, 3)
        self.end(self.start(*self.command(exp)))
        audit = Audit(exp)
        audit.check_rows(600)
        audit.check_finished()
        self.assertEqual(audit.findings, [])

    def test_splits_run_side_by_side_and_nothing_else_does(self):
        exp = self.held_grid()
        split = ["--total-splits", "2", "--curr-split"]
        first = self.begin(exp, *split, "0")
        for other in ([], ["--total-splits", "3", "--curr-split", "1"], [*split, "0"],
                      ["--schedule", "static"]):
            self.assert_refused(self.call(*self.command(exp, *other)), "split_0.tsv.writer",
                                code=3)
        second = self.start(*self.command(exp, *split, "1"))
        self.wait_for(lambda: (exp / "log_splits/split_1.tsv.journal").exists())
        self.release()
        self.end(second)
        self.end(first)
        self.assert_finished(exp)

    def test_pythons_queue_of_writers_is_respected_and_not_touched(self):
        exp = self.experiment(GRID)
        queue = exp / "log.tsv.lock"
        queue.write_text("12345\n")
        self.assert_refused(self.call(*self.command(exp)), "log.tsv.lock", "Malet", code=3)
        self.assertEqual(queue.read_text(), "12345\n")
        queue.write_text("")
        self.end(self.start(*self.command(exp)))
        self.assertEqual(queue.read_text(), "")

    def test_all_ranks_leave_with_3(self):
        exp = self.held_grid()
        job = self.begin(exp)
        refused = self.call(*ranks(3, *self.command(exp)[:-2]))
        self.assertEqual(refused.returncode, 3, refused.stderr)
        self.assertEqual(refused.stderr.count("has been writing"), 1, refused.stderr)
        self.release()
        self.end(job)
        self.assert_finished(exp)


if __name__ == "__main__":
    unittest.main(verbosity=2)
