"""Jobs that share one experiment (`run --queue`) on Slurm: killed, cancelled, joining late, and on a
node that dies."""
import unittest

from slurm import WHAT, Cluster, SlurmTest, main

# Of two nodes with four GPUs each four such jobs have room.
HALF = ("--ntasks-per-node=2", "--gres=gpu:2")


class QueueTest(SlurmTest):
    def worker(self, exp, *options):
        return self.sbatch("queue_workers.sbatch", exp, *WHAT, "--grace", "5s",
                           options=[*HALF, *options])

    def logs(self, exp):
        return {path.name for path in (exp / "log_splits").glob("*.tsv")}

    def wait_for_jobs(self, exp, *jobs):
        """Until each has begun a log."""
        names = {f"split_job{job}.tsv" for job in jobs}
        self.wait_for(lambda: names <= self.logs(exp))

    def wait_until(self, exp, count):
        self.wait_for(lambda: self.completed(exp) >= count)

    def assert_merged(self, exp, count, interrupted):
        self.assertFalse((exp / "log_splits").exists())
        self.assertFalse((exp / "claims").exists())
        self.assert_audit(exp, count)
        self.assert_once(exp, count, interrupted)

    def test_three_jobs_of_which_one_is_killed_and_one_joins_late(self):
        exp = self.grid(sleep_ms=300)
        first, killed = self.worker(exp), self.worker(exp)
        self.wait_for_jobs(exp, first, killed)
        self.wait_until(exp, 20)
        late = self.worker(exp)
        self.wait_for_jobs(exp, late)
        queue = self.status(exp)["queue"]
        self.assertEqual({job["job"] for job in queue["jobs"] if job["alive"]},
                         {first, killed, late})
        self.call("scancel", "--full", "--signal=KILL", killed)
        self.wait_for(lambda: self.has_ended(killed))
        for job in (first, late):
            self.wait_for_end(job, "COMPLETED")
        # A run in each of its two slots, and one that had just ended.
        self.assert_merged(exp, 400, interrupted=4)
        self.assert_devices_not_shared(exp)

    def test_a_cancelled_job_gives_back_and_an_array_of_jobs_does_the_rest(self):
        exp = self.grid(seeds=120, sleep_ms=200)
        cancelled = self.worker(exp)
        self.wait_for_jobs(exp, cancelled)
        self.wait_until(exp, 10)
        array = self.worker(exp, "--array=1-3")
        self.wait_for(lambda: len(self.logs(exp)) == 4)
        self.call("scancel", cancelled)
        self.wait_for_end(array, "COMPLETED")
        self.wait_for(lambda: self.has_ended(cancelled))
        self.assert_merged(exp, 240, interrupted=2)

    def test_the_jobs_of_other_nodes_finish_what_a_dead_node_had(self):
        exp = self.grid(seeds=150, sleep_ms=300)
        lost = self.worker(exp, "--nodelist=n2")
        others = [self.worker(exp, "--nodelist=n1") for _ in range(2)]
        self.wait_for_jobs(exp, lost, *others)
        self.wait_until(exp, 20)
        Cluster.call("kill-node", "n2")
        self.call("scontrol", "update", "NodeName=n2", "State=DOWN", "Reason=test")
        for job in others:
            self.wait_for_end(job, "COMPLETED")
        self.assert_merged(exp, 300, interrupted=4)
        # The lost job is back in the queue, and finds nothing to do.
        Cluster.call("start-node", "n2")
        self.wait_for_requeue(lost)
        self.wait_for_end(lost, "COMPLETED")
        self.assert_merged(exp, 300, interrupted=4)

    def test_a_job_that_is_requeued_goes_on_in_its_log_beside_others(self):
        exp = self.grid(seeds=150, sleep_ms=300)
        requeued, other = self.worker(exp), self.worker(exp)
        self.wait_for_jobs(exp, requeued, other)
        self.wait_until(exp, 20)
        self.call("scontrol", "requeue", requeued)
        self.wait_for_requeue(requeued)
        self.wait_for(lambda: "RUNNING" in self.states(requeued) or self.has_ended(requeued))
        for job in (requeued, other):
            self.wait_for_end(job, "COMPLETED")
        self.assert_merged(exp, 300, interrupted=4)
        self.assertEqual(self.jobs(requeued)[0]["Restarts"], "1")

    def assert_devices_not_shared(self, exp):
        spans = {}
        for row in self.rows(exp):
            place = (row["node"], str(row["device"]))
            spans.setdefault(place, []).append((row["begin"], row["end"]))
        for place, times in spans.items():
            times.sort()
            for (_, end), (begin, _) in zip(times, times[1:]):
                self.assertLessEqual(end, begin, place)


if __name__ == "__main__":
    main()
