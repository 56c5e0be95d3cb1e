"""Kills a job that shares an experiment (`run --queue`) right before each of its changes of the folder:
another one, afterwards or beside it, finishes everything and loses nothing."""
import collections
import pathlib
import shutil
import signal
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "e2e"), str(HERE.parent / "audit")]
from audit import Audit  # noqa: E402
from harness import BUILD, MALET, PROBE, FolderTest  # noqa: E402

SEEDS = 3
GRID = "trace: {trace}\nsleep_ms: {sleep_ms}\ngrid: {{lr: [0.5], seed: [1, 2, 3]}}\n"
# With one slot: the run in progress, and one that had ended and was not yet written down.
TWICE = 2


class QueueKillTest(FolderTest):
    def setUp(self):
        super().setUp()
        for name in [name for name in self.environment if name.startswith("SLURM_")]:
            del self.environment[name]
        self.trace = self.folder / "trace"

    def fresh(self, sleep_ms):
        shutil.rmtree(self.folder / "exp", ignore_errors=True)
        self.trace.unlink(missing_ok=True)
        return self.experiment(GRID.format(trace=self.trace, sleep_ms=sleep_ms))

    def job(self, exp, **variables):
        return self.start(MALET, exp, "--queue", "--isolation", "none", "--plugin", PROBE,
                          "--function", "probe", **variables)

    def doomed(self, exp, change, **variables):
        return self.job(exp, LD_PRELOAD=str(BUILD / "libmalet_kill_shim.so"),
                        MALET_CHAOS_FOLDER=str(exp), MALET_CHAOS_KILL_AT=str(change), **variables)

    def end(self, job, *codes):
        output = job.communicate(timeout=120)[0]
        self.assertIn(job.returncode, codes, output)
        return job.returncode

    def check(self, exp, change):
        audit = Audit(exp)
        audit.check_rows(SEEDS)
        audit.check_attempts(isolated=False)
        audit.check_finished()
        self.assertEqual(audit.findings, [], f"killed at change {change}")
        # What was to become a writer file goes when it is old.
        left = [path.name for path in exp.rglob("*")
                if path.is_file() and not path.name.startswith(".writer.")]
        self.assertLessEqual(set(left), {"exp_config.yaml", "log.tsv", "log.tsv.attempts.jsonl"},
                             f"killed at change {change}")
        times = collections.Counter(self.trace.read_text().split())
        self.assertEqual(len(times), SEEDS)
        self.assertLessEqual(sum(times.values()), SEEDS + TWICE, f"killed at change {change}")

    def go_through(self, kill):
        """Kills at one change after another, until a job ends by itself."""
        change = 1
        while kill(change):
            change += 1
        return change

    def test_the_next_job_finishes_what_a_killed_one_left(self):
        def kill(change):
            exp = self.fresh(sleep_ms=60)
            killed = self.end(self.doomed(exp, change), 0, -signal.SIGKILL) != 0
            self.end(self.job(exp), 0)
            self.check(exp, change)
            return killed

        self.assertGreater(self.go_through(kill), 30)

    def test_a_job_that_comes_again_under_its_name_goes_on(self):
        def kill(change):
            exp = self.fresh(sleep_ms=60)
            killed = self.end(self.doomed(exp, 3 * change, SLURM_JOB_ID="7"), 0, -signal.SIGKILL) != 0
            self.end(self.job(exp, SLURM_JOB_ID="7", SLURM_RESTART_COUNT="1"), 0)
            self.check(exp, change)
            return killed

        self.assertGreater(self.go_through(kill), 15)

    def test_a_job_beside_a_killed_one_finishes_everything(self):
        def kill(change):
            exp = self.fresh(sleep_ms=60)
            jobs = [self.doomed(exp, 3 * change), self.job(exp)]
            killed = self.end(jobs[0], 0, -signal.SIGKILL) != 0
            self.end(jobs[1], 0)
            # Whoever ends last may be the one that was killed while it merged.
            self.end(self.job(exp), 0)
            self.check(exp, change)
            return killed

        self.assertGreater(self.go_through(kill), 8)


if __name__ == "__main__":
    unittest.main(verbosity=2)
