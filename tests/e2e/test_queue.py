"""Several jobs that share one experiment (`run --queue`) and come and go, without Slurm."""
import os
import signal
import time
import unittest

from harness import ranks
from queued import Audit, QueueTest


class Together(QueueTest):
    def test_one_job_alone_does_everything_and_leaves_one_log(self):
        exp = self.grid(seeds=20)
        output = self.end(self.job(exp))
        self.assertIn("log.tsv", output)
        self.assert_audit(exp, 20)
        self.assert_once(20)

    def test_two_jobs_share_the_configs_and_the_last_one_merges(self):
        exp = self.grid(sleep_ms=80, more=self.held(100))
        jobs = [self.job(exp) for _ in range(2)]
        self.wait_for(lambda: len(self.logs(exp)) == 2)
        self.release()
        for job in jobs:
            self.end(job)
        self.assert_audit(exp, 120)
        self.assert_once(120)

    def test_three_jobs_of_which_one_joins_late(self):
        exp = self.grid(seeds=200, sleep_ms=60, more=self.held(100))
        jobs = [self.job(exp) for _ in range(2)]
        self.wait_for_runs(exp, 30)
        jobs.append(self.job(exp))
        self.wait_for(lambda: len(self.logs(exp)) == 3)
        self.release()
        for job in jobs:
            self.end(job)
        self.assert_audit(exp, 200)
        self.assert_once(200)

    def test_many_jobs_that_start_at_once_agree(self):
        exp = self.grid(seeds=60, sleep_ms=20)
        jobs = [self.job(exp) for _ in range(6)]
        for job in jobs:
            self.end(job)
        self.assert_audit(exp, 60)
        self.assert_once(60)

    def test_status_shows_jobs_and_chunks(self):
        exp = self.grid(seeds=60, sleep_ms=100, more=self.held(30))
        self.assertNotIn("queue", self.status(exp))
        jobs = [self.job(exp, SLURM_JOB_ID=name) for name in ("17", "18")]
        self.wait_for_runs(exp, 10)
        jobs[0].kill()
        jobs[0].communicate(timeout=30)
        queue = self.status(exp)["queue"]
        self.assertEqual([(job["job"], job["alive"], job["host"]) for job in queue["jobs"]],
                         [("17", False, os.uname().nodename), ("18", True, os.uname().nodename)])
        chunks = queue["chunks"]
        self.assertEqual(chunks["total"], 60)
        self.assertEqual(chunks["free"] + chunks["held"] + chunks["done"], 60)
        self.assertGreaterEqual(chunks["done"], 10)
        # Between two runs it may hold none for a moment.
        self.wait_for(lambda: self.status(exp)["queue"]["chunks"]["held"] in range(1, 5))
        text = self.malet("status", exp).stdout
        self.assertRegex(text, r"17 +gone")
        self.assertRegex(text, r"18 +alive")
        self.assertRegex(text, r"chunks: \d+ free, \d+ held, \d+ done")
        for command in (("plan", exp), ("show", exp), ("export", exp, "-o", self.folder / "x.csv")):
            self.assertEqual(self.malet(*command).returncode, 0, command)
        self.release()
        self.end(jobs[1])
        self.assertNotIn("queue", self.status(exp))
        self.assert_audit(exp, 60)

    def test_jobs_of_several_ranks(self):
        exp = self.grid(seeds=60)
        jobs = [self.start(*ranks(2, *self.command(exp)[:-2])) for _ in range(2)]
        for job in jobs:
            self.end(job)
        self.assert_audit(exp, 60)
        self.assert_once(60)

    def test_functions_inside_the_rank_and_short_runs(self):
        exp = self.experiment("grid: {lr: [0.5], seed: [i;1:1:9001]}\n")
        jobs = [self.job(exp, "--isolation", "none") for _ in range(2)]
        for job in jobs:
            self.end(job)
        audit = Audit(exp)
        audit.check_rows(9000)
        audit.check_finished()
        self.assertEqual(audit.findings, [])

    def test_series_in_hdf5(self):
        exp = self.grid(seeds=20, more="steps: 5\n")
        jobs = [self.job(exp, "--series", "hdf5") for _ in range(2)]
        for job in jobs:
            self.end(job)
        self.assertTrue((exp / "log.h5").exists())
        for row in self.rows(exp):
            self.assertEqual(row["loss"], [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5])
        self.assert_once(20)

    def test_series_in_hdf5_outlive_jobs_that_are_all_killed_again_and_again(self):
        exp = self.grid(seeds=60, sleep_ms=0, more="steps: 8\nstep_ms: 20\n")
        for _ in range(6):  # shorter than it takes to write a snapshot: what was learned is in journals
            jobs = [self.job(exp, "--series", "hdf5") for _ in range(3)]
            time.sleep(0.7)
            for job in jobs:
                job.kill()
            for job in jobs:
                job.communicate(timeout=30)
            for row in self.rows(exp):
                loss = row["loss"] or []
                self.assertEqual(loss, [1 / (step + 1) for step in range(len(loss))])
        self.end(self.job(exp, "--series", "hdf5"))
        self.assertEqual([len(row["loss"]) for row in self.rows(exp)], [8] * 60)
        self.assertEqual({row["status"] for row in self.rows(exp)}, {"C"})

    def test_nothing_is_left_to_run(self):
        exp = self.grid(seeds=4)
        self.end(self.job(exp))
        before = self.snapshot(exp)
        self.assertIn("nothing to run", self.end(self.job(exp)))
        self.assertEqual(self.snapshot(exp), before)

    def test_order_and_filter(self):
        exp = self.grid(seeds=60)
        jobs = [self.job(exp, "--order", "random", "--filter", "seed <= 30"),
                self.job(exp, "--order", "random", "--filter", "seed > 20 and seed <= 40")]
        for job in jobs:
            self.end(job)
        self.assert_once(40)
        self.assertEqual(self.completed(exp), 40)
        self.end(self.job(exp, "--order", "longest"))
        self.assert_audit(exp, 60)
        self.assert_once(60)


class Refusals(QueueTest):
    def test_what_does_not_go_with_a_queue_is_told_and_nothing_is_written(self):
        exp = self.grid()
        before = self.snapshot(exp)
        for more, word in ((("--total-splits", "2"), "--total-splits"),
                           (("--curr-split", "1"), "--curr-split"),
                           (("--schedule", "static"), "--schedule")):
            self.assert_refused(self.call(*self.command(exp, *more)), "--queue", word, code=2)
        self.assertEqual(self.snapshot(exp), before)

    def test_other_jobs_are_refused_beside_queue_jobs_and_the_other_way_round(self):
        exp = self.grid(seeds=400)
        job = self.job(exp)
        self.wait_for_runs(exp, 4)
        plain = [part for part in self.command(exp) if part != "--queue"]
        for more in ((), ("--total-splits", "2", "--curr-split", "0")):
            self.assert_refused(self.call(*plain, *more), "queue job", code=3)
        self.assert_refused(self.malet("resplit", exp, "-n", "2"), "queue job", code=3)
        job.send_signal(signal.SIGTERM)
        self.end(job, 75)
        job = self.start(*plain)
        self.wait_for(lambda: (exp / "log.tsv.journal").exists())
        self.assert_refused(self.call(*self.command(exp)), "whole log", code=3)
        job.send_signal(signal.SIGTERM)
        self.end(job, 75)

    def test_a_grid_that_was_changed_is_refused_while_jobs_run_and_shared_anew_afterwards(self):
        exp = self.grid(seeds=200)
        job = self.job(exp)
        self.wait_for_runs(exp, 10)
        config = exp / "exp_config.yaml"
        config.write_text(config.read_text().replace("i;1:1:201", "i;1:1:91"))
        self.assert_refused(self.call(*self.command(exp)), "claims/grid.json", code=3)
        job.send_signal(signal.SIGTERM)
        self.end(job, 75, 2)
        self.end(self.job(exp))
        self.assertEqual(self.status(exp)["completed"], 90)


if __name__ == "__main__":
    unittest.main(verbosity=2)
