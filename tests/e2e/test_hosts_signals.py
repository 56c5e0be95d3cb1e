"""Signals and the deadline, with runs in progress: who is told, how it ends, and when."""
import signal
import time
import unittest

from hosts import FAULTS, PYTHON, WAYS, HostTest

SLEEPS = "sleep_ms: 60000\ntrace: {trace}\ngrid: {{seed: [i;0:1:6]}}\n"
STUBBORN = "what: stubborn\nbegun: {trace}\ngrid: {{seed: [1, 2, 3, 4]}}\n"
REASONS = {signal.SIGUSR1: "deadline", signal.SIGTERM: "cancelled", signal.SIGINT: "cancelled"}


class SignalTest(HostTest):
    def begin(self, name, way, text=SLEEPS, function="place", *arguments):
        """Starts a sweep and waits until runs are in progress."""
        trace = self.folder / f"trace-{name}"
        exp = self.experiment(text.format(trace=trace), name)
        job = self.start(*self.command(exp, "--plugin", FAULTS, "--function", function, *arguments,
                                       way=way))
        self.wait_for_starts(trace, 3 if way == "ranks" else 2)
        return exp, job

    def wait_for_starts(self, trace, count):
        self.wait_for(lambda: trace.exists() and len(trace.read_text().splitlines()) >= count)

    def end(self, job, seconds):
        """What it left with and what it said; it may take three times as long as it should."""
        begin = time.monotonic()
        output = job.communicate(timeout=60)[0]
        self.assertLess(time.monotonic() - begin, 3 * seconds, output)
        self.assert_nothing_left()
        return job.returncode, output

    def check_interrupted(self, exp, reason, count):
        attempts = self.attempts(exp)
        self.assertEqual([attempt["reason"] for attempt in attempts], [reason] * count)
        status = self.status(exp)
        self.assertEqual((status["completed"], status["running"]), (0, 0))
        self.assertGreaterEqual(status["failed"], count)
        self.assertEqual(self.malet("status", exp, "--exit-code").returncode, 75)

    def test_signals_without_a_launcher_are_graceful(self):
        for which, reason in REASONS.items():
            with self.subTest(signal=which):
                exp, job = self.begin(f"s{int(which)}", "alone")
                job.send_signal(which)
                code, output = self.end(job, 5)
                self.assertEqual(code, 75, output)
                self.check_interrupted(exp, reason, 2)

    def test_usr1_to_mpirun_is_graceful(self):
        exp, job = self.begin("usr1", "ranks")
        job.send_signal(signal.SIGUSR1)
        code, output = self.end(job, 5)
        self.assertEqual(code, 75, output)
        self.check_interrupted(exp, "deadline", 3)

    def test_term_to_mpirun_saves_what_there_was(self):
        for name, text, function in (("asks", SLEEPS, "place"), ("stubborn", STUBBORN, "fault")):
            with self.subTest(function=name):
                exp, job = self.begin(name, "ranks", text, function)
                job.send_signal(signal.SIGTERM)
                code, output = self.end(job, 5)
                self.assertNotEqual(code, 0, output)
                status = self.status(exp)
                self.assertEqual((status["completed"], status["running"]), (0, 0))
                reasons = {attempt["reason"] for attempt in self.attempts(exp)}
                self.assertLessEqual(reasons, {"cancelled"})

    def test_what_does_not_stop_is_killed_after_the_grace(self):
        for way in WAYS:
            with self.subTest(way=way):
                exp, job = self.begin(f"grace-{way}", way, STUBBORN, "fault", "--grace", "0.5s")
                job.send_signal(signal.SIGUSR1)
                code, output = self.end(job, 5)
                self.assertEqual(code, 75, output)
                for attempt in self.attempts(exp):
                    self.assertEqual((attempt["reason"], attempt["signal"]), ("deadline", 9))
                self.assertEqual(len(self.attempts(exp)), 3 if way == "ranks" else 2)

    def test_a_second_ctrl_c_shortens_the_grace(self):
        exp, job = self.begin("twice", "alone", STUBBORN, "fault", "--grace", "50s")
        job.send_signal(signal.SIGINT)
        time.sleep(0.5)
        job.send_signal(signal.SIGINT)
        code, output = self.end(job, 5)
        self.assertEqual(code, 75, output)
        self.check_interrupted(exp, "cancelled", 2)

    def test_a_deadline_ends_what_is_stuck(self):
        for way in WAYS:
            exp = self.experiment(STUBBORN.format(trace=self.folder / way), f"exp-{way}")
            begin = time.monotonic()
            done = self.faults(exp, "--timeout", "12s", "--grace", "0.5s", way=way)
            with self.subTest(way=way):
                self.assertEqual(done.returncode, 75, done.stdout + done.stderr)
                self.assertLess(time.monotonic() - begin, 36)
                self.assertEqual({attempt["reason"] for attempt in self.attempts(exp)},
                                 {"deadline"})
                self.assert_nothing_left()

    def test_commands_and_python_are_told_by_sigterm(self):
        path = self.folder / "train.py"
        trace = self.folder / "trace"
        path.write_text(f"import time\ndef train(config):\n    open('{trace}', 'a').write('1\\n')\n"
                        "    time.sleep(60)\n")
        (self.folder / "wait").write_text(f"#!/bin/sh\necho 1 >> {trace}\nsleep 60\n")
        (self.folder / "wait").chmod(0o755)
        for name, what in (("python", ["--python", f"{path}:train", "--interpreter", PYTHON]),
                           ("command", ["--command", str(self.folder / "wait")])):
            with self.subTest(what=name):
                exp = self.experiment("grid: {seed: [1, 2, 3]}\n", name)
                job = self.start(*self.command(exp, *what))
                self.wait_for_starts(trace, 2)
                trace.unlink()
                job.send_signal(signal.SIGINT)
                code, output = self.end(job, 5)
                self.assertEqual(code, 75, output)
                self.check_interrupted(exp, "cancelled", 2)

    def test_interrupted_runs_complete_the_next_time(self):
        exp, job = self.begin("again", "alone", SLEEPS.replace("60000", "1000"))
        job.send_signal(signal.SIGTERM)
        self.assertEqual(self.end(job, 5)[0], 75)
        done = self.faults(exp, function="place", way="ranks")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        numbers = {}
        for attempt in self.attempts(exp):
            numbers.setdefault(attempt["config"]["seed"], []).append(attempt["attempt"])
        self.assertEqual(sorted(numbers.values()), [[1]] * 4 + [[1, 2]] * 2)


if __name__ == "__main__":
    unittest.main()
