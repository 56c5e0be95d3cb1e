"""Several jobs that share one experiment (`run --queue`), come and go, without Slurm."""
import collections
import json
import os
import pathlib
import signal
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "audit"))
from audit import Audit  # noqa: E402
from harness import MALET, PROBE, FolderTest, ranks  # noqa: E402

GRID = "sleep_ms: {sleep_ms}\ntrace: {trace}\n{more}grid: {{lr: [0.5], seed: [i;1:1:{end}]}}\n"


# What a killed job of two slots may have had: a run in each, and one that ended within the 50 ms in
# which rank 0 may not have heard of it.
KILLED = 4


class QueueTest(FolderTest):
    def setUp(self):
        super().setUp()
        for name in [name for name in self.environment if name.startswith("SLURM_")]:
            del self.environment[name]
        self.trace = self.folder / "trace"

    def grid(self, seeds=120, sleep_ms=30, more=""):
        return self.experiment(
            GRID.format(end=seeds + 1, sleep_ms=sleep_ms, trace=self.trace, more=more))

    def command(self, exp, *more):
        return [MALET, exp, "--queue", "--plugin", PROBE, "--function", "probe", "-j", "2", *more]

    def job(self, exp, *more, **variables):
        return self.start(*self.command(exp, *more), **variables)

    def end(self, job, *codes):
        output = job.communicate(timeout=120)[0]
        self.assertIn(job.returncode, codes or (0,), output)
        return output

    def completed(self, exp):
        return self.status(exp)["completed"]

    def wait_for_runs(self, exp, count):
        self.wait_for(lambda: list(exp.rglob("*.tsv.journal")) and self.completed(exp) >= count,
                      seconds=60)

    def logs(self, exp):
        return sorted(path.name for path in (exp / "log_splits").glob("*.tsv"))

    def claim(self, exp, chunk):
        return json.loads((exp / "claims" / str(chunk)).read_text())

    def times_run(self):
        """How often each seed was begun."""
        return collections.Counter(self.trace.read_text().split())

    def assert_once(self, seeds, twice=0):
        times = self.times_run()
        self.assertEqual(len(times), seeds)
        self.assertLessEqual(sum(times.values()) - seeds, twice, times.most_common(5))

    def assert_audit(self, exp, seeds, merged=True):
        audit = Audit(exp)
        audit.check_rows(seeds)
        audit.check_attempts()
        audit.check_finished()
        self.assertEqual(audit.findings, [])
        if merged:
            self.assertEqual(self.logs(exp), [])
            self.assertFalse((exp / "claims").exists())
            self.assertFalse((exp / "log_splits").exists())
            self.assertFalse(list(exp.glob("logs_backup*")))


class Together(QueueTest):
    def test_one_job_alone_does_everything_and_leaves_one_log(self):
        exp = self.grid(seeds=20)
        output = self.end(self.job(exp))
        self.assertIn("log.tsv", output)
        self.assert_audit(exp, 20)
        self.assert_once(20)

    def test_two_jobs_share_the_configs_and_the_last_one_merges(self):
        exp = self.grid(sleep_ms=80)
        jobs = [self.job(exp) for _ in range(2)]
        self.wait_for(lambda: len(self.logs(exp)) == 2)
        for job in jobs:
            self.end(job)
        self.assert_audit(exp, 120)
        self.assert_once(120)

    def test_three_jobs_of_which_one_joins_late(self):
        exp = self.grid(seeds=200, sleep_ms=60)
        jobs = [self.job(exp) for _ in range(2)]
        self.wait_for_runs(exp, 30)
        jobs.append(self.job(exp))
        self.wait_for(lambda: len(self.logs(exp)) == 3)
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
        exp = self.grid(seeds=60, sleep_ms=100)
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
        exp = self.grid(seeds=100)
        jobs = [self.job(exp, "--grace", "5") for _ in range(2)]
        self.wait_for_runs(exp, 20)
        jobs[0].send_signal(signal.SIGTERM)
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
        exp = self.grid(seeds=60, sleep_ms=100)
        first = self.job(exp, SLURM_JOB_ID="4711")
        other = self.job(exp)
        self.wait_for_runs(exp, 10)
        first.kill()
        first.communicate(timeout=30)
        again = self.job(exp, SLURM_JOB_ID="4711", SLURM_RESTART_COUNT="1")
        self.wait_for_runs(exp, 30)
        self.assertEqual(len(self.logs(exp)), 2)
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
        exp = self.grid(seeds=60)
        jobs = [self.job(exp) for _ in range(2)]
        self.wait_for_runs(exp, 5)
        (exp / "claims/55").write_text('{"state": "he')
        (exp / "claims/56").write_text("")
        for job in jobs:
            self.end(job)
        self.assert_audit(exp, 60)
        self.assert_once(60)

    def test_removed_claims_cost_a_second_run_at_most_and_that_is_said(self):
        exp = self.grid(seeds=40, sleep_ms=200)
        jobs = [self.job(exp) for _ in range(2)]
        self.wait_for_runs(exp, 6)
        for claim in (exp / "claims").glob("[0-9]*"):
            claim.unlink()
        outputs = [self.end(job) for job in jobs]
        self.assertIn("was removed", "".join(outputs))
        audit = Audit(exp)
        audit.check_finished()
        self.assertEqual(audit.findings, [])
        self.assertEqual(self.completed(exp), 40)
        self.assert_once(40, twice=2 * KILLED)

    def test_the_claims_folder_is_removed(self):
        exp = self.grid(seeds=40, sleep_ms=100)
        jobs = [self.job(exp) for _ in range(2)]
        self.wait_for_runs(exp, 6)
        (exp / "claims").rename(self.folder / "away")
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
