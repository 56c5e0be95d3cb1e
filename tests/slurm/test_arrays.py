"""Splits that arrays make by themselves, and arrays that are refused."""
import unittest

from slurm import WHAT, SlurmTest, main

ONE_TASK = ("--nodes=1", "--ntasks=1", "--gres=gpu:1")
TWO_TASKS = ("--nodes=1", "--ntasks=2", "--gres=gpu:2")
SWEEP = "srun malet-mpi {exp} {what} {more}\n"


class ArrayTest(SlurmTest):
    def array(self, exp, indices, more="", options=TWO_TASKS):
        script = SWEEP.format(exp=exp, what=" ".join(WHAT), more=more)
        return self.sbatch(script, options=[f"--array={indices}", *options])

    def tasks(self, job):
        """Slurm's own word for how each task ended, by index."""
        return {task["ArrayTaskId"]: task["ExitCode"] for task in self.jobs(job)}

    def logs(self, exp):
        return sorted(path.name for path in (exp / "log_splits").glob("*.tsv"))

    def assert_three_splits(self, exp):
        self.assertEqual(self.logs(exp), ["split_0.tsv", "split_1.tsv", "split_2.tsv"])
        self.assertEqual(self.status(exp)["completed"], 100)
        self.assert_audit(exp, 100)

    def test_complete_arrays_are_splits(self):
        for number, indices in enumerate(("0-2", "5-7", "4-12:4", "1-3%1")):
            with self.subTest(indices):
                exp = self.grid(seeds=50, name=f"exp{number}")
                job = self.array(exp, indices)
                self.wait_for_end(job, "COMPLETED")
                self.assert_three_splits(exp)
                output = self.output(job)
                for split in range(3):
                    self.assertIn(f"split {split} of 3, by task ", output)
        self.assertEqual(self.malet("resplit", exp, "-n", 1).returncode, 0)
        self.assertEqual(self.logs(exp), [])
        self.assert_audit(exp, 100)

    def test_the_same_array_again_goes_on(self):
        exp = self.grid(seeds=50)
        first = self.array(exp, "0-2", "--filter 'seed < 20'")
        self.wait_for_end(first, "COMPLETED")
        self.assertEqual(self.completed(exp), 40)
        self.wait_for_end(self.array(exp, "0-2"), "COMPLETED")
        self.assert_three_splits(exp)
        self.assert_once(exp, 100, interrupted=0)

    def test_arrays_that_are_no_splits_of_the_folder_are_refused(self):
        exp = self.grid(seeds=50)
        gaps = self.array(exp, "2,5")
        self.wait_for_end(gaps, "FAILED")
        self.assertEqual(self.tasks(gaps), {"2": "2:0", "5": "2:0"})
        self.assertIn("--total-splits N and --curr-split I", self.output(gaps))
        self.assertEqual(list(exp.iterdir()), [exp / "exp_config.yaml"])
        beyond = self.array(exp, "0-2", "--total-splits 2 --curr-split $SLURM_ARRAY_TASK_ID")
        self.wait_for(lambda: self.has_ended(beyond))
        self.assertEqual(self.tasks(beyond), {"0": "0:0", "1": "0:0", "2": "2:0"})
        self.assertIn("pass one of 0 to 1", self.output(beyond))
        before = self.snapshot(exp)
        for indices in ("0-2", "3"):
            others = self.array(exp, indices)
            self.wait_for_end(others, "FAILED")
            self.assertEqual(set(self.tasks(others).values()), {"2:0"})
            self.assertIn("malet-mpi resplit", self.output(others))
        self.assertEqual(self.snapshot(exp), before)
        self.assertEqual(self.malet("resplit", exp, "-n", 3).returncode, 0)
        self.wait_for_end(self.array(exp, "0-2"), "COMPLETED")
        self.assert_three_splits(exp)

    def test_two_tasks_on_one_split(self):
        exp = self.grid(seeds=20, sleep_ms=500)
        first = self.array(exp, "0-1", options=ONE_TASK)
        self.wait_for(lambda: len(self.logs(exp)) == 2)
        second = self.array(exp, "0-1", options=ONE_TASK)
        self.wait_for_end(second, "FAILED")
        self.assertEqual(set(self.tasks(second).values()), {"3:0"})
        holders = {task["JobId"] for task in self.jobs(first)}
        output = self.output(second)
        for holder in holders:
            self.assertIn(f"Slurm job {holder}", output)
        self.wait_for_end(first, "COMPLETED")
        self.assert_audit(exp, 40)

    def test_an_array_of_one_task_is_no_split(self):
        exp = self.grid(seeds=8)
        self.wait_for_end(self.array(exp, "7"), "COMPLETED")
        self.assertEqual(self.logs(exp), [])
        self.assert_audit(exp, 16)


if __name__ == "__main__":
    main()
