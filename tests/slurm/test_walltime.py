"""The end of a job's time: found, told by Slurm's signals, and survived by requeueing.

The jobs wait most of the time, so they run side by side.
"""
import unittest

from slurm import WHAT, SlurmTest, main

ONE_NODE = ("--nodes=1", "--ntasks-per-node=4", "--gres=gpu:4")
# Slurm looks every 30 s whether it is time for a signal, and sends it as much too early: for 560 s
# before the end of ten minutes that is 10 to 40 s after the start.
TEN_MINUTES = ("--time=10", *ONE_NODE)
SWEEP = "malet-mpi {exp} {what} --grace 5s"
TOLD_STEPS = "srun " + SWEEP + "; echo left with $?\n"
TOLD_SHELL = """\
trap 'echo told; kill -USR1 "$sweep"' USR1
srun """ + SWEEP + """ &
sweep=$!
wait "$sweep"  # until the signal
wait "$sweep"
echo left with $?
"""


class WalltimeTest(SlurmTest):
    def test_walltimes(self):
        whole = self.grid(seeds=120, sleep_ms=1000, name="whole")
        requeued = self.sbatch("requeue.sbatch", whole, *WHAT, "--grace", "5s",
                               options=["--time=1", *ONE_NODE])
        steps, steps_job = self.warned("steps", TOLD_STEPS, "--signal=USR1@560")
        shell, shell_job = self.warned("shell", TOLD_SHELL, "--signal=B:USR1@560")
        with self.subTest("a signal to the steps"):
            self.check_warned(steps, steps_job)
        with self.subTest("a signal to the batch shell, which passes it on"):
            self.check_warned(shell, shell_job)
            self.assertIn("told", self.output(shell_job))
        with self.subTest("a time limit of one minute"):
            self.check_requeued(whole, requeued)
        self.assert_nothing_left()

    def warned(self, name, script, signal):
        exp = self.grid(sleep_ms=1000, name=name)
        text = script.format(exp=exp, what=" ".join(WHAT))
        return exp, self.sbatch(text, options=[*TEN_MINUTES, signal])

    def check_warned(self, exp, job):
        """Ended long before its time, in good order."""
        self.wait_for_end(job, "COMPLETED")
        self.assertIn("left with 75", self.output(job))
        status = self.status(exp)
        self.assertEqual(status["running"], 0)
        self.assertIn(status["completed"], range(1, 400))
        self.assert_audit(exp, None, finished=False)
        self.assertLessEqual({attempt["reason"] for attempt in self.attempts(exp)},
                             {"ok", "deadline"})

    def check_requeued(self, exp, job):
        """Each round ended by itself, before Slurm's limit, and nothing was run twice."""
        rounds = 1
        while not self.has_ended(job):
            self.wait_for(lambda: self.has_ended(job) or self.is_requeued(job, rounds))
            if not self.has_ended(job):
                rounds += 1
                self.hasten(job)
        output = self.output(job)
        self.assertEqual(self.states(job), {"COMPLETED"}, output)
        self.assertGreater(rounds, 1)
        self.assertEqual(output.count(f" of job {job}\n"), rounds)
        self.assertEqual(output.count("stopped before everything was run"), rounds - 1)
        self.assertNotIn("TIME LIMIT", output)
        self.assert_audit(exp, 240)
        self.assert_once(exp, 240, interrupted=4 * (rounds - 1))


if __name__ == "__main__":
    main(nodes=3)
