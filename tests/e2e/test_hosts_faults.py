"""Whatever a function does to its host, it costs one row."""
import os
import unittest

from hosts import KEYS, WAYS, HostTest, is_alive

# What a function does -> reason, and what else the attempt's line tells.
FAULTS = {
    "segfault": ("signal", {"signal": 11, "exit_code": None}),
    "abort": ("signal", {"signal": 6}),
    "exit": ("exit", {"exit_code": 3, "signal": None}),
    "exit0": ("exit", {"exit_code": 0}),
    "throw": ("error", {"error": "this one throws"}),
    "throw_int": ("error", {}),
    "hang": ("timeout", {}),
    "stubborn": ("timeout", {"signal": 9}),
    "memory": ("oom", {}),
    "close": ("host_lost", {}),
    "garbage": ("host_lost", {}),
    "bytes": ("host_lost", {}),
    "long_line": ("host_lost", {}),
    "clash": ("error", {}),
    "report_clash": ("error", {}),
}
RESULTS = ("fine", "not_a_number", "infinite", "daemon")
# Builds with sanitizers need more.
MEMORY = os.environ.get("MALET_RUN_MEMORY", "64M")
LIMITS = ("--run-timeout", "4s", "--grace", "0.5", "--run-memory", MEMORY)


class FaultTest(HostTest):
    def test_every_fault_is_a_row_with_its_reason_and_the_others_complete(self):
        for way in WAYS:
            with self.subTest(way=way):
                self.check_faults(way)

    def check_faults(self, way):
        trace = self.folder / f"trace-{way}"
        whats = [what for pair in zip(FAULTS, RESULTS * 4) for what in pair]
        exp = self.experiment(f"trace: {trace}\ngrid:\n  what: [{', '.join(dict.fromkeys(whats))}]\n"
                              "  seed: [5]\n", way)
        done = self.faults(exp, *LIMITS, way=way)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        rows, attempts = self.statuses(exp, "what"), self.by_field(exp, "what")
        self.assertEqual(len(self.attempts(exp)), len(FAULTS) + len(RESULTS))
        for what, (reason, facts) in FAULTS.items():
            with self.subTest(what=what):
                self.assertEqual(rows[what], "F")
                self.assertEqual(attempts[what]["reason"], reason, attempts[what])
                self.assertTrue(attempts[what]["error"])
                self.assertLessEqual(facts.items(), attempts[what].items())
        for what in RESULTS:
            self.assertEqual((rows[what], attempts[what]["reason"]), ("C", "ok"), attempts[what])
        self.assertIn("seed", attempts["clash"]["error"])
        self.assertIn("16 MiB", attempts["long_line"]["error"])
        self.assertIn(MEMORY.rstrip("M"), attempts["memory"]["error"])
        for pid in trace.read_text().split():
            self.assertFalse(is_alive(int(pid)), "the daemon was killed")
        self.assert_nothing_left()

    def test_nan_and_infinities_are_results(self):
        exp = self.experiment("grid: {what: [not_a_number, infinite], seed: [1]}\n")
        self.assertEqual(self.faults(exp).returncode, 0)
        text = (exp / "log.tsv").read_text()
        self.assertIn("-inf", text)
        self.assertEqual(self.status(exp)["completed"], 2)

    def test_the_attempts_line_tells_all_about_it(self):
        exp = self.experiment("grid: {what: [fine, touch, stderr], seed: [1]}\n")
        self.assertEqual(self.faults(exp).returncode, 1)
        for attempt in self.attempts(exp):
            self.assertLessEqual(KEYS, set(attempt))
            self.assertEqual((attempt["attempt"], attempt["rank"]), (1, 0))
            self.assertIn(attempt["slot"], (0, 1))
            self.assertEqual(attempt["config"]["seed"], 1)
            self.assertRegex(attempt["run_id"], "^[0-9a-f]{16}$")
            self.assertLess(attempt["started"], attempt["finished"])
        found = self.by_field(exp, "what")
        self.assertIn(found["touch"]["peak_memory"] >> 20, range(100, 600))
        self.assertGreater(found["touch"]["cpu_seconds"], 0)
        self.assertEqual(len(found["stderr"]["stderr"]), 2048)
        self.assertTrue(found["stderr"]["stderr"].endswith("the last words\n"))
        row = next(row for row in self.rows(exp) if row["what"] == "touch")
        self.assertEqual((row["status"], row["result"]), ("C", 1))

    def test_errors_reach_the_terminal_as_they_happen(self):
        exp = self.experiment("grid: {what: [throw, segfault], seed: [1]}\n")
        done = self.faults(exp, way="ranks")
        self.assertIn("this one throws", done.stderr)
        self.assertIn("signal 11", done.stderr)

    def test_200_configs_with_40_faults_end_with_160_results(self):
        names = {"segfault": "signal", "hang": "timeout", "throw": "error", "memory": "oom"}
        for way in WAYS:
            exp = self.experiment(
                "grid:\n" + "".join(
                    f"  - what: [{what}]\n    seed: [i;0:1:{count}]\n"
                    for what, count in ([("fine", 80)] + [(what, 10) for what in names])) +
                "  - what: [fine]\n    seed: [i;100:1:180]\n", f"many-{way}")
            done = self.faults(exp, "--run-timeout", "3s", "--grace", "0.2", "--run-memory", MEMORY,
                               way=way)
            with self.subTest(way=way):
                self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
                self.assertEqual(self.counts(exp), {"total": 200, "completed": 160, "failed": 40,
                                                    "running": 0, "pending": 0})
                reasons = {}
                for attempt in self.attempts(exp):
                    key = attempt["config"]["what"], attempt["reason"]
                    reasons[key] = reasons.get(key, 0) + 1
                self.assertEqual(reasons, {("fine", "ok"): 160,
                                           **{(what, names[what]): 10 for what in names}})
                self.assert_nothing_left()

    def test_a_crash_leaves_no_more_than_its_output(self):
        exp = self.experiment("grid: {what: [stderr, fine], seed: [1]}\n")
        self.faults(exp)
        kept = sorted(path.name for path in (exp / "runs").rglob("*") if path.is_file())
        self.assertEqual(kept, ["stderr"])


if __name__ == "__main__":
    unittest.main()
