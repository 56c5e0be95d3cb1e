"""The scripts of slurm/ as they stand."""
import unittest

from slurm import WHAT, SlurmTest, main


class ScriptTest(SlurmTest):
    def test_one_job(self):
        exp = self.grid()
        job = self.sbatch("one_job.sbatch", exp, *WHAT)
        self.wait_for_end(job, "COMPLETED")
        self.assert_audit(exp, 400)
        self.assert_devices(exp)

    def test_an_array_of_three_splits(self):
        exp = self.grid(seeds=50)
        job = self.sbatch("array_splits.sbatch", exp, *WHAT, options=["--array=0-2"])
        self.wait_for_end(job, "COMPLETED")
        logs = {path.name for path in (exp / "log_splits").glob("*.tsv")}
        self.assertEqual(logs, {"split_0.tsv", "split_1.tsv", "split_2.tsv"})
        self.assertEqual(self.status(exp)["completed"], 100)
        self.assert_audit(exp, 100)
        self.assertEqual(self.malet("resplit", exp, "-n", 1).returncode, 0)
        self.assert_audit(exp, 100)
        self.assertFalse(list((exp / "log_splits").glob("*.tsv")))

    def test_a_part_of_an_array_is_refused(self):
        exp = self.grid(seeds=50)
        before = self.snapshot(exp)
        job = self.sbatch("array_splits.sbatch", exp, *WHAT, options=["--array=0,2"])
        self.wait_for_end(job, "FAILED")
        self.assertIn("submit the whole array", self.output(job))
        self.assertEqual(self.snapshot(exp), before)

    def test_a_job_that_cannot_run_is_not_requeued(self):
        exp = self.grid()
        job = self.sbatch("requeue.sbatch", exp, "--no-such-option")
        self.wait_for_end(job, "FAILED")
        self.assertEqual(self.jobs(job)[0]["Restarts"], "0")
        self.assertEqual(self.jobs(job)[0]["ExitCode"], "2:0")

    def test_a_job_whose_configs_fail_is_not_requeued(self):
        exp = self.grid(seeds=8, more="fail_every: 3\n")
        job = self.sbatch("requeue.sbatch", exp, *WHAT)
        self.wait_for_end(job, "FAILED")
        self.assertEqual(self.jobs(job)[0]["Restarts"], "0")
        self.assertEqual(self.jobs(job)[0]["ExitCode"], "1:0")
        self.assertEqual(self.status(exp)["pending"], 0)

    def test_four_splits_then_two(self):
        exp = self.grid(sleep_ms=200)
        first = self.sbatch("resplit_chain.sbatch", exp, *WHAT)
        second = self.sbatch("resplit_chain.sbatch", exp, *WHAT,
                             options=[f"--dependency=afterany:{first}", "--export=ALL,SPLITS=2"])
        splits = exp / "log_splits"
        self.wait_for(lambda: len(list(splits.glob("split_?.tsv"))) == 4 and
                      self.completed(exp) >= 40)
        self.call("scancel", first)
        self.wait_for_end(first, "CANCELLED")
        done = self.completed(exp)
        self.assertIn(done, range(40, 400))
        self.wait_for_end(second, "COMPLETED")
        self.assertEqual({path.name for path in splits.glob("*.tsv")},
                         {"split_0.tsv", "split_1.tsv"})
        self.assert_audit(exp, 400)
        self.assert_devices(exp)
        self.assert_once(exp, 400, interrupted=8)

    def test_a_job_that_is_preempted_gently_requeues_itself(self):
        exp = self.grid(sleep_ms=100)
        job = self.sbatch("requeue.sbatch", exp, *WHAT, options=["--partition=gentle"])
        self.wait_for_runs(exp, 16)
        self.preempt()
        self.wait_for_requeue(job)
        self.wait_for_end(job, "COMPLETED")
        output = self.output(job)
        self.assertIn(f"start 0 of job {job}", output)
        self.assertIn(f"start 1 of job {job}", output)
        self.assert_audit(exp, 400)
        self.assert_once(exp, 400, interrupted=8)

    def test_a_cancelled_job_is_not_requeued(self):
        exp = self.grid(sleep_ms=200)
        job = self.sbatch("requeue.sbatch", exp, *WHAT)
        self.wait_for_runs(exp, 16)
        self.call("scancel", job)
        self.wait_for_end(job, "CANCELLED")
        self.wait_for(lambda: self.call("squeue", "-h", "-j", job).stdout == "")
        self.assertEqual(self.jobs(job)[0]["Restarts"], "0")
        self.finish(exp, 400)


if __name__ == "__main__":
    main()
