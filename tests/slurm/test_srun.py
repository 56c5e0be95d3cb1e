"""Sweeps under srun: ranks, nodes and devices are what Slurm says."""
import json
import unittest

from slurm import EIGHT, MALET, PATIENCE, SlurmTest, main

# Five tasks on the first node, four on the second.
NINE = ("salloc", "-N2", "--ntasks-per-node=5", "--gres=gpu:4", "srun", "-n9")
# What srun is asked for -> devices of each rank's slots.
ALL = {rank: [str(rank % 4)] for rank in range(8)}
PLACES = {
    "--gpus-per-task=1 -N2 -n8": ALL,
    "--gpus-per-task=1 --gpu-bind=single:1 -N2 -n8": ALL,
    "--gres=gpu:4 --gpu-bind=map_gpu:0,1,2,3 -N2 -n8 --ntasks-per-node=4": ALL,
    # Slurm then names no device, and the machine has none.
    "--gpus-per-task=1 --gpu-bind=none -N2 -n8": {rank: [] for rank in range(8)},
    "--gpus-per-node=2 -N2 -n4 --ntasks-per-node=2": {0: ["0"], 1: ["1"], 2: ["0"], 3: ["1"]},
    "--gres=gpu:4 -N2 -n2": {0: ["0", "1", "2", "3"], 1: ["0", "1", "2", "3"]},
    "--gpus-per-task=2 -N2 -n4": {0: ["0", "1"], 1: ["2", "3"], 2: ["0", "1"], 3: ["2", "3"]},
    "--gres=gpu:4 -N2 -n4 --distribution=arbitrary --nodelist=n1,n1,n1,n2":
        {0: ["0"], 1: ["1"], 2: ["2"], 3: ["0", "1", "2", "3"]},
}


class SrunTest(SlurmTest):
    def test_eight_ranks_keep_eight_devices_busy(self):
        exp = self.grid()
        done = self.srun(*EIGHT, *self.sweep_command(exp))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assert_audit(exp, 400)
        self.assert_devices(exp)
        self.assert_places(exp, range(8))
        self.assert_nothing_left()

    def test_a_ninth_rank_coordinates(self):
        exp = self.grid()
        done = self.call(*NINE, *self.sweep_command(exp), timeout=PATIENCE)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assert_audit(exp, 400)
        self.assert_devices(exp)
        self.assert_places(exp, range(1, 9))
        self.assert_nothing_left()

    def assert_places(self, exp, ranks):
        """These ranks worked, each on one node with one device."""
        places = {}
        for attempt in self.attempts(exp):
            places.setdefault(attempt["rank"], set()).add((attempt["node"], *attempt["gpus"]))
        self.assertEqual(set(places), set(ranks))
        self.assertTrue(all(len(place) == 1 for place in places.values()), places)
        self.assertEqual(len(set.union(*places.values())), 8)

    def test_slots_get_the_devices_that_slurm_gives(self):
        for options, wanted in PLACES.items():
            with self.subTest(options=options):
                done = self.srun(*options.split(), MALET, "gpus", "--json")
                self.assertEqual(done.returncode, 0, done.stderr)
                found = {}
                for slot in json.loads(done.stdout)["slots"]:
                    found.setdefault(slot["rank"], []).extend(slot["gpus"])
                self.assertEqual(found, wanted)

    def test_a_node_with_too_many_ranks_is_refused_with_the_map(self):
        exp = self.grid()
        before = self.snapshot(exp)
        done = self.srun("-N2", "-n8", "-m", "arbitrary", "-w", "n1,n1,n1,n1,n1,n1,n1,n2",
                         "--gres=gpu:4", *self.sweep_command(exp))
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("ranks 0-6 on node 'n1': 6 slots", done.stderr)
        self.assertRegex(done.stderr, r"n1 +6 +0 +none")
        self.assertEqual(self.snapshot(exp), before)

    def test_two_jobs_on_a_node_keep_to_their_devices(self):
        job = self.start("srun", "-w", "n1", "-n1", "--gres=gpu:2", "sleep", "60")
        self.wait_for(lambda: self.call("squeue", "-h", "-t", "R", "-o", "%i").stdout.strip())
        done = self.srun("-w", "n1", "-n2", "--gres=gpu:2", MALET, "gpus", "--json")
        self.assertEqual([slot["gpus"] for slot in json.loads(done.stdout)["slots"]],
                         [["2"], ["3"]])
        self.call("scancel", "--full", "-u", "root")
        job.communicate()

    def test_without_pmix_the_first_task_says_what_to_do(self):
        exp = self.grid()
        before = self.snapshot(exp)
        for mpi in ("none", "pmi2"):
            for what in (self.sweep_command(exp), self.sweep_command(self.folder / "none"),
                         [MALET, "gpus"]):
                done = self.srun(f"--mpi={mpi}", "-n3", *what)
                self.assertEqual(done.returncode, 2, done.stderr)
                own = [line for line in done.stderr.splitlines() if not line.startswith("srun:")]
                self.assertEqual(len(own), 1, done.stderr)
                self.assertIn("srun --mpi=pmix", own[0])
                self.assertEqual(self.snapshot(exp), before)

    def test_a_single_task_needs_no_pmix(self):
        exp = self.grid(seeds=4)
        done = self.srun("--mpi=none", "-n1", "--gres=gpu:2", *self.sweep_command(exp))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_audit(exp, 8)

    def test_a_second_job_on_the_folder_is_told_of_the_first(self):
        exp = self.grid(sleep_ms=200)
        first = self.start_srun(exp, launch=("-w", "n1", "-n2", "--gres=gpu:2"))
        self.wait_for_runs(exp, 4)
        done = self.srun("-w", "n2", "-n2", "--gres=gpu:2", *self.sweep_command(exp))
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertRegex(done.stderr, r"process \d+ on \S+ \(Slurm job \d+\)")
        self.call("scancel", "-n", exp.name)
        self.assertEqual(self.end(first)[0], 75)
        self.finish(exp, 400)


if __name__ == "__main__":
    main()
