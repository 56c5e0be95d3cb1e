"""Whatever Slurm does to a job, nothing that is complete is lost or run again."""
import json
import os
import pathlib
import random
import signal
import time
import unittest

from slurm import EIGHT, PROBE, Cluster, SlurmTest, main, read_file

BATCH = f"""\
#SBATCH -N2 --ntasks-per-node=4 --gres=gpu:4 --requeue --open-mode=append
echo "start ${{SLURM_RESTART_COUNT:-0}}"
srun malet-mpi exp --plugin {PROBE} --function device --grace 5s
echo "srun left with $?"
"""


class SignalTest(SlurmTest):
    def begin(self, *arguments, sleep_ms=200, **keywords):
        """A sweep in progress: 400 runs, or as many as told, of which some are complete."""
        exp = self.grid(sleep_ms=sleep_ms, **keywords)
        job = self.start_srun(exp, *arguments)
        self.wait_for_runs(exp, 16)
        return exp, job

    def assert_interrupted(self, exp, reason):
        """The runs that were cut off, and no other, count as interrupted."""
        status = self.status(exp)
        self.assertIn(status["completed"], range(16, 400))
        self.assertEqual(status["running"], 0)
        self.assertLessEqual(status["failed"], 8)
        self.assertLessEqual({attempt["reason"] for attempt in self.attempts(exp)}, {"ok", reason})
        self.assertEqual(self.malet("status", exp, "--exit-code").returncode, 75)
        self.assert_audit(exp, None, finished=False)

    def test_scancel_in_the_middle_then_submitted_again(self):
        exp, job = self.begin()
        self.call("scancel", "-n", exp.name)
        code, output = self.end(job)
        self.assertEqual(code, 75, output)
        self.assert_interrupted(exp, "cancelled")
        self.assert_nothing_left()
        self.finish(exp, 400)
        self.assert_devices(exp)

    def test_scancel_of_runs_that_return_early(self):
        exp, job = self.begin(more="steps: 40\nstep_ms: 5\n", sleep_ms=0)
        self.call("scancel", "-n", exp.name)
        code, output = self.end(job)
        self.assertEqual(code, 75, output)
        self.assert_interrupted(exp, "cancelled")
        self.finish(exp, 400)
        self.assertEqual({len(row["loss"]) for row in self.rows(exp)}, {40})

    def test_usr1_by_scancel_is_a_deadline(self):
        exp, job = self.begin()
        self.call("scancel", "-s", "USR1", "-n", exp.name)
        code, output = self.end(job)
        self.assertEqual(code, 75, output)
        self.assert_interrupted(exp, "deadline")
        self.assert_nothing_left()
        self.finish(exp, 400)

    def test_scancel_at_any_moment(self):
        draw = random.Random(5)
        exp = self.grid()
        for _ in range(6):
            job = self.start_srun(exp)
            time.sleep(draw.uniform(0, 1.5))
            self.call("scancel", "-n", exp.name)
            self.end(job)
            if (exp / "log.tsv").exists():
                self.assert_audit(exp, None, finished=False)
        self.assert_nothing_left()
        self.finish(exp, 400)

    def test_runs_that_do_not_stop_are_killed_after_the_grace(self):
        exp = self.grid(seeds=20, sleep_ms=0)
        trace = self.folder / "trace"
        job = self.start("srun", "-J", exp.name, *EIGHT, "malet-mpi", exp, "--grace", "1s",
                         "--command", f"sh -c 'trap : TERM; echo >>{trace}; while :; do sleep 0.1; done'")
        self.wait_for(lambda: trace.exists() and trace.read_text().count("\n") == 8)
        self.call("scancel", "-n", exp.name)
        code, output = self.end(job)
        self.assertEqual(code, 75, output)
        self.assertEqual([attempt["reason"] for attempt in self.attempts(exp)], ["cancelled"] * 8)
        self.assert_nothing_left()

    def test_a_requeued_job_goes_on(self):
        exp = self.grid(sleep_ms=200)
        job = self.sbatch(BATCH)
        self.wait_for_runs(exp, 16)
        self.call("scontrol", "requeue", job)
        self.wait_for_requeue(job)
        self.wait_for(lambda: self.writer(exp) == (job, 1))
        self.wait_for_end(job, "COMPLETED")
        output = self.output(job)
        self.assertIn("start 0", output)
        self.assertIn("start 1", output)
        self.assert_audit(exp, 400)
        self.assert_once(exp, 400, interrupted=8)

    def writer(self, exp):
        """The job that writes the log, and how often it was requeued."""
        fields = json.loads(read_file(exp / "log.tsv.writer") or b"{}")
        return fields.get("slurm_job"), fields.get("slurm_restarts")

    def test_a_preempted_job_goes_on(self):
        exp = self.grid(sleep_ms=100)
        job = self.sbatch(BATCH)
        self.wait_for_runs(exp, 16)
        self.preempt()
        self.wait_for_requeue(job)
        self.wait_for_end(job, "COMPLETED")
        self.assert_audit(exp, 400)
        self.assert_once(exp, 400, interrupted=8)

    def test_a_dead_slurmd_is_no_dead_node(self):
        exp, job = self.begin(seeds=150)
        os.kill(int(pathlib.Path(Cluster.folder, "n2.pid").read_text()), signal.SIGKILL)
        done = self.completed(exp)
        self.wait_for(lambda: self.completed(exp) > done)
        Cluster.call("start-node", "n2")
        code, output = self.end(job)
        self.assertEqual(code, 0, output)
        self.assert_audit(exp, 300)
        self.assert_once(exp, 300, interrupted=0)

    def test_a_dead_node_costs_what_ran(self):
        exp, job = self.begin("--grace", "2s")
        Cluster.call("kill-node", "n2")
        self.call("scontrol", "update", "NodeName=n2", "State=DOWN", "Reason=test")
        code, output = self.end(job)
        self.assertEqual(code, 75, output)
        self.assertIn("Node failure on n2", output)
        status = self.status(exp)
        self.assertEqual(status["running"], 0)
        self.assertLessEqual(status["failed"], 8)
        self.assert_audit(exp, None, finished=False)
        Cluster.call("start-node", "n2")
        self.wait_for(lambda: self.call("sinfo", "-h", "-p", "main", "-o", "%T")
                      .stdout.split() == ["idle"])
        self.finish(exp, 400)
        self.assert_devices(exp)


if __name__ == "__main__":
    main()
