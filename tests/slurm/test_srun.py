"""Sweeps under srun: ranks, nodes and devices are what Slurm says."""
import unittest

from slurm import SlurmTest, main

EIGHT = ("-N2", "-n8", "--ntasks-per-node=4", "--gres=gpu:4")


class SrunTest(SlurmTest):
    def test_eight_ranks_keep_eight_devices_busy(self):
        exp = self.grid()
        done = self.srun(*EIGHT, *self.sweep_command(exp))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assert_audit(exp, 400)
        self.assert_devices(exp)
        self.assertEqual({attempt["rank"] for attempt in self.attempts(exp)}, set(range(8)))
        self.assert_nothing_left()


if __name__ == "__main__":
    main()
