"""Kills jobs with SIGKILL at random moments and goes on: nothing that was acknowledged is lost.

MALET_KILLS kills (default 8) over a sweep of MALET_RUNS configs, from MALET_SEED.
"""
import os
import pathlib
import random
import signal
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "e2e"), str(HERE.parent / "audit")]
from audit import Audit, read_attempts  # noqa: E402
from harness import MALET, PROBE, FolderTest, ranks  # noqa: E402

MARK = "MALET_CHAOS"


def marked(token):
    """The processes that have our mark in their environment."""
    for entry in os.listdir("/proc"):
        if not entry.isdigit() or int(entry) == os.getpid():
            continue
        try:
            environment = pathlib.Path("/proc", entry, "environ").read_bytes()
        except OSError:
            continue
        if f"{MARK}={token}".encode() in environment.split(b"\0"):
            yield int(entry)


def cmdline(pid):
    try:
        return pathlib.Path("/proc", str(pid), "cmdline").read_bytes()
    except OSError:
        return b""


def kill_all(token):
    """As a node's end does it: every process of the job at once, and again what was missed."""
    for _ in range(5):
        found = list(marked(token))
        for pid in found:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if not found:
            return
        time.sleep(0.02)


class KillTest(FolderTest):
    def setUp(self):
        super().setUp()
        self.draw = random.Random(os.environ.get("MALET_SEED", "7"))
        self.kills = int(os.environ.get("MALET_KILLS", "8"))
        self.runs = int(os.environ.get("MALET_RUNS", "2000"))

    def acknowledged(self, exp):
        """The seeds that count as finished: their attempts are told after the journal has them."""
        logs = [exp / "log.tsv", *sorted((exp / "log_splits").glob("*.tsv"))]
        return {attempt["config"]["seed"]
                for log in logs
                for attempt in read_attempts(log.with_name(log.name + ".attempts.jsonl"))
                if attempt["reason"] == "ok"}

    def complete_now(self, exp):
        return {row["seed"] for row in self.rows(exp) if row["status"] == "C"}

    def kill_at_random(self, command, token):
        job = self.start(*command, **{MARK: token})
        try:
            job.wait(timeout=self.draw.uniform(0.3, 1.6))
        except Exception:  # noqa: BLE001 - it runs on
            pass
        kill_all(token)
        job.communicate(timeout=30)

    def go_through(self, exp, command, kills, isolated=True):
        for number in range(kills):
            self.kill_at_random(command, f"{os.getpid()}.{number}")
            if not (exp / "log.tsv").exists() and not (exp / "log_splits").exists():
                continue
            lost = self.acknowledged(exp) - self.complete_now(exp)
            self.assertEqual(lost, set(), f"after kill {number}")
        done = self.call(*command, timeout=600)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        audit = Audit(exp)
        audit.check_rows(self.runs)
        audit.check_attempts(isolated)
        audit.check_finished()
        self.assertEqual(audit.findings, [])

    def grid(self, kills):
        """So long that the kills come while it runs: about 0.9 slot-seconds lie between two."""
        milliseconds = max(1, int(900 * kills / self.runs))
        return f"sleep_ms: {milliseconds}\ngrid:\n  lr: [0.5]\n  seed: [i;0:1:{self.runs}]\n"

    def test_killed_jobs_lose_nothing_and_run_nothing_twice(self):
        exp = self.experiment(self.grid(self.kills))
        self.go_through(exp, ranks(3, MALET, exp, "--plugin", PROBE, "--function", "probe"),
                        self.kills)

    def test_killed_jobs_of_short_runs_with_series(self):
        exp = self.experiment("steps: 5\nstep_ms: 1\n"
                              f"grid:\n  lr: [0.5]\n  seed: [i;0:1:{self.runs}]\n")
        self.go_through(exp, [MALET, exp, "--plugin", PROBE, "--function", "probe", "-j", "2"],
                        self.kills // 2)

    def test_killed_jobs_of_changing_kinds_lose_nothing(self):
        """Logs change from job to job, and what a job resumes may stand in another one's."""
        exp = self.experiment("steps: 8\nstep_ms: 15\ngrid:\n  lr: [0.5]\n  seed: [i;0:1:150]\n")
        base = [MALET, exp, "--plugin", PROBE, "--function", "probe"]
        kinds = [base + ["-j", "3"], ranks(3, *base, "--schedule", "static"), ranks(2, *base),
                 base + ["-j", "2", "--schedule", "static"], base + ["--isolation", "none"]]
        for number in range(max(self.kills, 4)):
            self.kill_at_random(self.draw.choice(kinds), f"{os.getpid()}.kind.{number}")
            if (exp / "log.tsv").exists() or (exp / "log_splits").exists():
                self.assertEqual(self.acknowledged(exp) - self.complete_now(exp), set())
        done = self.call(*kinds[0], timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        shown = [row for row in self.rows(exp) if row["status"] == "C"]
        self.assertEqual(len(shown), 150)
        for row in shown:
            self.assertEqual(row["loss"], [1 / (step + 1) for step in range(8)])
        self.assertEqual([left.name for left in exp.rglob("*.tsv.*")
                          if left.name.endswith((".journal", ".writer"))], [])

    def test_killed_static_jobs_inside_the_ranks(self):
        exp = self.experiment(self.grid(self.kills // 2))
        command = ranks(3, MALET, exp, "--plugin", PROBE, "--function", "probe", "--isolation",
                        "none", "--schedule", "static")
        self.go_through(exp, command, self.kills // 2, isolated=False)

    def test_jobs_that_are_told_to_end_lose_nothing_and_say_why(self):
        exp = self.experiment("sleep_ms: 30\ngrid:\n  lr: [0.5]\n  seed: [i;0:1:800]\n")
        command = ranks(3, MALET, exp, "--plugin", PROBE, "--function", "probe")
        for signal_number in (signal.SIGUSR1, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            job = self.start(*command)
            seen = len(self.acknowledged(exp))
            self.wait_for(lambda: len(self.acknowledged(exp)) > seen + 10)
            job.send_signal(signal_number)
            output = job.communicate(timeout=30)[0]
            self.assertEqual(job.returncode, 75 if signal_number == signal.SIGUSR1 else 1, output)
            self.assertEqual(self.acknowledged(exp) - self.complete_now(exp), set())
            self.assertEqual(self.malet("status", exp, "--exit-code").returncode, 75)
        late = self.call(*command, "--timeout", "6", "--grace", "1", timeout=60)
        self.assertEqual(late.returncode, 75, late.stderr)
        done = self.call(*command, timeout=100)
        self.assertEqual(done.returncode, 0, done.stderr)
        audit = Audit(exp)
        audit.check_rows(800)
        audit.check_attempts()
        audit.check_finished()
        self.assertEqual(audit.findings, [])

    def test_a_stuck_run_does_not_keep_a_job_from_its_end(self):
        exp = self.experiment("grid:\n  lr: [0.5]\n  seed: [1, 2, 3]\n")
        begin = time.monotonic()
        done = self.call(*ranks(3, MALET, exp, "--plugin", PROBE, "--function", "stuck"),
                         "--timeout", "10", "--grace", "1")
        self.assertEqual(done.returncode, 75, done.stderr)
        self.assertLess(time.monotonic() - begin, 10)
        self.assertEqual({row["status"] for row in self.rows(exp)}, {"F"})
        reasons = {attempt["reason"] for attempt in read_attempts(exp / "log.tsv.attempts.jsonl")}
        self.assertEqual(reasons, {"deadline"})
        self.assertEqual(self.malet("status", exp, "--exit-code").returncode, 75)

    def test_hosts_that_are_killed_cost_an_attempt_each(self):
        exp = self.experiment(self.held(150) +
                              "sleep_ms: 20\ngrid:\n  lr: [0.5]\n  seed: [i;0:1:200]\n")
        token = f"{os.getpid()}.hosts"
        job = self.start(MALET, exp, "--plugin", PROBE, "--function", "probe", "-j", "2",
                         "--retries", "20", **{MARK: token})
        killed = 0
        while job.poll() is None:
            time.sleep(self.draw.uniform(0.05, 0.3))
            hosts = [pid for pid in marked(token) if b"--malet-host" in cmdline(pid)]
            if hosts:
                os.kill(self.draw.choice(hosts), signal.SIGKILL)
                killed += 1
                if killed == 4:
                    self.release()
        output = job.communicate(timeout=60)[0]
        self.assertEqual(job.returncode, 0, output)
        audit = Audit(exp)
        audit.check_rows(200)
        audit.check_attempts()
        audit.check_finished()
        self.assertEqual(audit.findings, [])
        self.assertGreater(killed, 3)
        by_signal = sum(attempt["reason"] == "signal" for attempt in audit.attempts)
        self.assertTrue(0 < by_signal <= killed, (by_signal, killed))


if __name__ == "__main__":
    unittest.main(verbosity=2)
