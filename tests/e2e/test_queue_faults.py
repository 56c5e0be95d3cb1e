"""Jobs that share one experiment (`run --queue`) when they are killed, their claims damaged, or configs fail."""
import json
import os
import signal
import time
import unittest

from harness import MALET
from queued import Audit, QueueTest

# What a killed job of two slots may have had: a run in each, and one that ended within the 50 ms in
# which rank 0 may not have heard of it.
KILLED = 4


class Faults(QueueTest):
    def test_a_killed_jobs_configs_are_run_by_the_other_one(self):
        exp = self.grid(seeds=80, sleep_ms=100)
        jobs = [self.job(exp) for _ in range(2)]
        self.wait_for_runs(exp, 10)
        jobs[0].kill()
        jobs[0].communicate(timeout=30)
        self.end(jobs[1])
        self.assert_audit(exp, 80)
        self.assert_once(80, twice=KILLED)

    def test_the_last_configs_are_taken_over_when_their_job_is_killed(self):
        exp = self.grid(seeds=4, sleep_ms=3000)
        jobs = [self.job(exp) for _ in range(2)]
        self.wait_for(lambda: self.trace.exists() and len(self.times_run()) == 4)
        jobs[0].kill()
        jobs[0].communicate(timeout=30)
        self.end(jobs[1])
        self.assert_audit(exp, 4)
        self.assert_once(4, twice=KILLED)

    def test_a_job_that_is_told_to_stop_gives_back_what_it_has(self):
        exp = self.grid(seeds=100, more=self.held(40))
        jobs = [self.job(exp, "--grace", "5") for _ in range(2)]
        self.wait_for_runs(exp, 20)
        jobs[0].send_signal(signal.SIGTERM)
        self.release()
        self.end(jobs[0], 75)
        self.end(jobs[1])
        self.assert_audit(exp, 100)
        self.assert_once(100, twice=2)

    def test_all_jobs_are_killed_and_the_next_one_goes_on(self):
        exp = self.grid(seeds=60, sleep_ms=100)
        jobs = [self.job(exp) for _ in range(2)]
        self.wait_for_runs(exp, 10)
        for job in jobs:
            job.kill()
            job.communicate(timeout=30)
        self.end(self.job(exp))
        self.assert_audit(exp, 60)
        self.assert_once(60, twice=2 * KILLED)

    def test_a_job_comes_again_under_its_name(self):
        exp = self.grid(seeds=60, sleep_ms=100, more=self.held(40))
        first = self.job(exp, SLURM_JOB_ID="4711")
        other = self.job(exp)
        self.wait_for_runs(exp, 10)
        first.kill()
        first.communicate(timeout=30)
        again = self.job(exp, SLURM_JOB_ID="4711", SLURM_RESTART_COUNT="1")
        self.wait_for_runs(exp, 30)
        self.assertEqual(len(self.logs(exp)), 2)
        self.release()
        self.end(again)
        self.end(other)
        self.assert_audit(exp, 60)
        self.assert_once(60, twice=KILLED)

    def test_two_jobs_of_one_name_are_refused(self):
        exp = self.grid(seeds=400)
        first = self.job(exp, SLURM_JOB_ID="4711")
        self.wait_for_runs(exp, 2)
        second = self.job(exp, SLURM_JOB_ID="4711")
        output = self.end(second, 3)
        self.assertIn("split_job4711.tsv.writer", output)
        first.send_signal(signal.SIGTERM)
        self.end(first, 75)

    def test_a_torn_claim_is_taken_over_and_nothing_is_lost(self):
        exp = self.grid(seeds=60, more=self.held(30))
        jobs = [self.job(exp) for _ in range(2)]
        self.wait_for_runs(exp, 5)
        (exp / "claims/55").write_text('{"state": "he')
        (exp / "claims/56").write_text("")
        self.release()
        for job in jobs:
            self.end(job)
        self.assert_audit(exp, 60)
        self.assert_once(60)

    def test_removed_claims_cost_a_second_run_at_most_and_that_is_said(self):
        exp = self.grid(seeds=40, sleep_ms=200, more=self.held(20))
        jobs = [self.job(exp) for _ in range(2)]
        self.wait_for_runs(exp, 6)
        for claim in (exp / "claims").glob("[0-9]*"):
            claim.unlink()
        self.release()
        outputs = [self.end(job) for job in jobs]
        self.assertIn("was removed", "".join(outputs))
        audit = Audit(exp)
        audit.check_finished()
        self.assertEqual(audit.findings, [])
        self.assertEqual(self.completed(exp), 40)
        self.assert_once(40, twice=2 * KILLED)

    def test_the_claims_folder_is_removed(self):
        exp = self.grid(seeds=40, sleep_ms=100, more=self.held(20))
        jobs = [self.job(exp) for _ in range(2)]
        self.wait_for_runs(exp, 6)
        (exp / "claims").rename(self.folder / "away")
        self.release()
        for job in jobs:
            self.end(job)
        self.assertEqual(self.completed(exp), 40)

    def test_a_stopped_job_that_was_taken_for_dead_writes_no_more(self):
        exp = self.grid(seeds=60, sleep_ms=100)
        stopped = self.job(exp)
        self.wait_for_runs(exp, 4)
        os.kill(stopped.pid, signal.SIGSTOP)
        writer = next((exp / "log_splits").glob("*.writer"))
        holder = json.loads(writer.read_text())
        holder.update(host="elsewhere", process_space="elsewhere")
        writer.write_text(json.dumps(holder))
        os.utime(writer, (time.time() - 130, time.time() - 130))
        self.end(self.job(exp))
        os.kill(stopped.pid, signal.SIGCONT)
        stopped.communicate(timeout=60)
        self.assertEqual(stopped.returncode, 3)
        audit = Audit(exp)
        audit.check_rows(60)
        self.assertEqual(audit.findings, [])
        self.assertEqual(self.completed(exp), 60)


class Failures(QueueTest):
    def test_failed_configs_are_run_once_by_each_job_and_the_logs_stay(self):
        exp = self.grid(seeds=40, more="fail_every: 10\n")
        jobs = [self.job(exp) for _ in range(2)]
        outputs = [self.end(job, 1) for job in jobs]
        times = self.times_run()
        for seed, count in times.items():
            self.assertLessEqual(count, 2 if int(seed) % 10 == 0 else 1, (seed, count))
        self.assertEqual(len(times), 40)
        status = self.status(exp)
        self.assertEqual((status["completed"], status["failed"]), (36, 4))
        self.assertTrue(self.logs(exp))
        self.assertIn("resplit", "".join(outputs))
        self.trace.unlink()
        self.end(self.job(exp), 1)
        self.assertEqual(dict(self.times_run()), {"10": 1, "20": 1, "30": 1, "40": 1})
        self.assertEqual(self.end(self.job(exp, "--rerun-failed", "no"), 1).count("nothing to run"),
                         1)
        self.assertEqual(self.malet("resplit", exp, "-n", 1).returncode, 0)
        self.assertFalse((exp / "claims").exists())
        audit = Audit(exp)
        audit.check_rows(40)
        audit.check_attempts()
        self.assertEqual(audit.findings, [])

    def test_retries_within_a_job(self):
        exp = self.grid(seeds=10, more="fail_every: 5\n")
        self.end(self.job(exp, "--retries", "2"), 1)
        self.assertEqual(self.times_run()["5"], 3)
        self.assertEqual(self.times_run()["6"], 1)

    def test_what_failed_in_one_job_and_not_in_the_next_is_complete(self):
        exp = self.experiment("grid: {lr: [0.5], seed: [1, 2, 3]}\n")
        marker = self.folder / "marker"
        command = [MALET, exp, "--queue", "--command", f"test -e {marker}"]
        self.end(self.start(*command), 1)
        self.assertEqual(self.status(exp)["failed"], 3)
        marker.touch()
        self.end(self.start(*command))
        self.assertEqual(self.status(exp)["completed"], 3)
        self.assertEqual(self.logs(exp), [])
        numbers = [attempt["attempt"] for attempt in Audit(exp).attempts]
        self.assertEqual(sorted(numbers), [1, 1, 1, 2, 2, 2])


if __name__ == "__main__":
    unittest.main(verbosity=2)
