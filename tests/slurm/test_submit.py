"""`submit`, and what status and cancel make of its jobs, on a real Slurm."""
import unittest

from slurm import WHAT, SlurmTest, main

SHAPE = ("--nodes", 2, "--gpus-per-node", 4)
SMALL = ("--gpus-per-node", 2)


class SubmitTest(SlurmTest):
    def submit(self, exp, *arguments, what=WHAT):
        """The jobs that came of it."""
        done = self.malet("submit", exp, *arguments, *what, "--yes")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return [line.removeprefix("job ") for line in done.stdout.splitlines()
                if line.startswith("job ")]

    def outputs(self, exp):
        return "".join(path.read_text() for path in sorted((exp / "submit").glob("*.out")))

    def wait_for_end(self, job, *ends):
        self.wait_for(lambda: self.has_ended(job))
        self.assertEqual(self.states(job), set(ends))

    def submitted(self, exp):
        return {job["job"]: job["states"] for job in self.status(exp)["submitted"]}

    def test_a_job_runs_everything_wherever_it_is(self):
        exp = self.grid(name="it's \"50%j\" $done")
        [job] = self.submit(exp, *SHAPE, "--time", "1:00:00")
        self.wait_for_end(job, "COMPLETED")
        self.assert_audit(exp, 400)
        self.assert_devices(exp)
        self.assertEqual(self.submitted(exp), {job: {"COMPLETED": 1}})
        self.assertIn(f"{job} ", self.malet("status", exp).stdout)
        self.assertIn("400 complete", self.outputs(exp))
        self.assertEqual(sorted(path.name for path in (exp / "submit").iterdir()),
                         [f"job_0-{job}.out", "job_0.sbatch", "jobs.jsonl"])
        checked = self.call("shellcheck", "-S", "warning", exp / "submit" / "job_0.sbatch")
        self.assertEqual(checked.returncode, 0, checked.stdout)
        again = self.malet("submit", exp, *SHAPE, *WHAT, "--yes")
        self.assertIn("nothing to submit", again.stdout)

    def test_what_malet_yaml_says_need_not_be_said(self):
        exp = self.grid(seeds=4)
        (exp / "malet.yaml").write_text(f"plugin: {WHAT[1]}\nfunction: device\n")
        [job] = self.submit(exp, *SMALL, what=())
        self.wait_for_end(job, "COMPLETED")
        self.assert_audit(exp, 8)

    def test_an_array_of_splits(self):
        exp = self.grid(seeds=50)
        [job] = self.submit(exp, *SMALL, "--array", "3%2")
        self.wait_for_end(job, "COMPLETED")
        logs = sorted(path.name for path in (exp / "log_splits").glob("*.tsv"))
        self.assertEqual(logs, ["split_0.tsv", "split_1.tsv", "split_2.tsv"])
        self.assertEqual(self.submitted(exp), {job: {"COMPLETED": 3}})
        self.assert_audit(exp, 100)
        self.assertEqual(len(list((exp / "submit").glob(f"job_0-{job}_*.out"))), 3)
        checked = self.call("shellcheck", exp / "submit" / "job_0.sbatch")
        self.assertEqual(checked.returncode, 0, checked.stdout)
        done = self.malet("submit", exp, *SMALL, "--array", "4", *WHAT, "--yes")
        self.assert_refused(done, "of 3 splits, not of 4", "resplit")

    def test_an_array_of_queue_jobs_is_no_splits(self):
        exp = self.grid(seeds=50)
        [job] = self.submit(exp, *SMALL, "--queue", "--array", 3)
        self.wait_for_end(job, "COMPLETED")
        self.assertFalse(list((exp / "log_splits").glob("split_?.tsv")))
        self.assertNotIn("split 0 of 3", self.outputs(exp))
        self.assertEqual(self.completed(exp), 100)
        self.assert_audit(exp, 100)

    def test_a_chain_goes_on_where_the_walltime_ends(self):
        exp = self.grid(seeds=100, sleep_ms=1000)
        jobs = self.submit(exp, *SMALL, "--time", "1m", "--chain", 4, "--grace", "2s")
        self.assertEqual(len(jobs), 4)
        self.wait_for_end(jobs[0], "FAILED")
        self.assertEqual(self.jobs(jobs[0])[0]["ExitCode"], "75:0")
        done = self.completed(exp)
        self.assertIn(done, range(1, 200))
        self.wait_for(lambda: self.completed(exp) > done)
        self.assertEqual(self.malet("cancel", exp, "--yes").returncode, 0)
        for job in jobs:
            self.wait_for(lambda: self.has_ended(job))
        self.assertEqual(self.states(jobs[3]), {"CANCELLED"})
        self.assert_audit(exp, None, finished=False)
        self.finish_on_eight(exp)

    def finish_on_eight(self, exp):
        [job] = self.submit(exp, *SHAPE)
        self.wait_for_end(job, "COMPLETED")
        self.assert_audit(exp, 200)
        self.assertEqual((exp / "submit" / "job_1.sbatch").exists(), True)

    def test_cancel_ends_what_runs_and_what_waits(self):
        exp = self.grid(sleep_ms=500)
        jobs = self.submit(exp, *SHAPE, "--chain", 3)
        self.wait_for_runs(exp, 8)
        self.assertEqual(self.submitted(exp)[jobs[0]], {"RUNNING": 1})
        refused = self.malet("cancel", exp)
        self.assert_refused(refused, "--yes")
        self.assertEqual(self.submitted(exp)[jobs[0]], {"RUNNING": 1})
        done = self.malet("cancel", exp, "--yes")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("3 jobs cancelled", done.stdout)
        for job in jobs:
            self.wait_for_end(job, "CANCELLED")
        self.assertEqual(set(map(str, self.submitted(exp).values())), {"{'CANCELLED': 1}"})
        again = self.malet("cancel", exp, "--yes")
        self.assertEqual(again.returncode, 0)
        self.assertIn("nothing to cancel", again.stdout)
        self.assert_nothing_left()
        self.assert_audit(exp, None, finished=False)

    def test_what_slurm_does_not_take(self):
        exp = self.grid(seeds=4)
        before = self.snapshot(exp)
        done = self.malet("submit", exp, *SMALL, "--array", 1002, *WHAT, "--yes")
        self.assert_refused(done, "MaxArraySize", "--array 1001")
        done = self.malet("submit", exp, "--partition", "nowhere", *WHAT, "--yes")
        self.assertEqual(done.returncode, 2)
        self.assertIn("invalid partition", done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1)
        self.assertEqual(self.snapshot(exp), before)
        self.assertFalse((exp / "submit").exists())
        shown = self.malet("submit", exp, *SMALL, "--array", 1001, *WHAT, "--dry-run")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertEqual(self.snapshot(exp), before)
        self.assertEqual(self.call("squeue", "-h").stdout, "")


if __name__ == "__main__":
    main()
