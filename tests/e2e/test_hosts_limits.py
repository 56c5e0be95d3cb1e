"""Retries, --halt, limits of time, the life of a host, and what is kept of its output."""
import unittest

from harness import MALET, ranks
from hosts import FAULTS, WAYS, HostTest


class LimitTest(HostTest):
    def place(self, exp, *arguments, **keywords):
        return self.faults(exp, *arguments, function="place", **keywords)

    def together(self):
        """Fields of a config: a run ends when as many slots have begun one as `expect()` says."""
        return f"trace: {self.folder}/trace\ntogether: {self.folder}/together\n"

    def expect(self, slots):
        (self.folder / "trace").unlink(missing_ok=True)
        (self.folder / "together").write_text(str(slots))

    def started(self, trace):
        return [tuple(map(int, line.split())) for line in trace.read_text().splitlines()]

    def test_attempts_count_up_over_retries_and_jobs(self):
        grid = "fail_below: 1\nsleep_ms: 20\n" + self.together() + "grid: {{seed: [i;0:1:{}]}}\n"
        for way, slots, seeds in (("alone", 2, 4), ("ranks", 3, 10)):
            exp = self.experiment(grid.format(seeds))
            self.expect(slots)
            done = self.place(exp, "--retries", 2, way=way)
            self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        failed = [attempt for attempt in self.attempts(exp) if attempt["config"]["seed"] == 0]
        self.assertEqual([attempt["attempt"] for attempt in failed], [1, 2, 3, 4, 5, 6])
        for first, second in zip(failed[:2], failed[1:3]):
            self.assertNotEqual(first["slot"], second["slot"], "tried again on the other slot")
        for first, second in zip(failed[3:5], failed[4:]):
            self.assertNotEqual(first["rank"], second["rank"], "tried again on another rank")
        self.assertEqual(len(self.attempts(exp)), 15)
        self.assertEqual(self.status(exp)["failed"], 1)

    def test_a_retry_that_succeeds_completes(self):
        flag = self.folder / "flag"
        exp = self.experiment("grid: {seed: [1, 2]}\n")
        script = self.folder / "once"
        script.write_text(f"#!/bin/sh\n[ -e {flag}$1 ] || {{ touch {flag}$1; exit 4; }}\n")
        script.chmod(0o755)
        done = self.sweep(exp, "--command", f"{script} {{seed}}", "--retries", 1)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.status(exp)["completed"], 2)
        self.assertEqual([attempt["reason"] for attempt in self.attempts(exp)].count("exit"), 2)

    def test_halt_starts_nothing_more(self):
        for number, policy in enumerate(("fail=3", "fail=20%")):
            for way in WAYS:
                trace = self.folder / f"trace{number}{way}"
                exp = self.experiment(f"trace: {trace}\nsleep_ms: 30\nfail_below: 100\n"
                                      "grid: {seed: [i;0:1:400]}\n", f"{way}{number}")
                done = self.place(exp, "--halt", policy, way=way)
                with self.subTest(policy=policy, way=way):
                    self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
                    self.assertIn("--halt", done.stderr)
                    least, most = (3, 60) if number == 0 else (10, 80)
                    self.assertIn(len(self.started(trace)), range(least, most))
                    status = self.status(exp)
                    self.assertEqual(status["running"], 0)
                    self.assertEqual(status["failed"] + status["completed"],
                                     len(self.started(trace)))

    def test_a_run_timeout_follows_the_median(self):
        exp = self.experiment("asks: false\ngrid:\n  - sleep_ms: [200]\n    seed: [i;0:1:16]\n"
                              "  - sleep_ms: [60000]\n    seed: [1]\n"
                              "  - sleep_ms: [200]\n    seed: [i;16:1:20]\n")
        done = self.place(exp, "--run-timeout", "1000%", timeout=50)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        late, = (attempt for attempt in self.attempts(exp) if attempt["reason"] != "ok")
        self.assertEqual((late["reason"], late["config"]["sleep_ms"]), ("timeout", 60000))
        self.assertEqual(self.status(exp)["completed"], 20)

    def test_a_function_that_asks_may_end_by_itself(self):
        exp = self.experiment("sleep_ms: 60000\ngrid: {seed: [1]}\n")
        done = self.place(exp, "--run-timeout", "1s", "--grace", "20s", timeout=50)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        attempt, = self.attempts(exp)
        self.assertEqual((attempt["reason"], attempt["signal"]), ("timeout", None))

    def test_a_host_serves_as_many_runs_as_it_may(self):
        for most, hosts in ((None, 1), (4, 3), (1, 12)):
            exp = self.experiment("grid: {seed: [i;0:1:12]}\n", f"hosts{hosts}")
            done = self.place(exp, "-j", 1, *(["--runs-per-host", most] if most else []))
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            pids = [attempt["pid"] for attempt in self.attempts(exp)]
            self.assertEqual(len(set(pids)), hosts)
            self.assertLessEqual(max(map(pids.count, pids)), most or 12)
            self.assertEqual({row["pid"] for row in self.rows(exp)}, set(pids))

    def test_output_is_kept_as_asked(self):
        for keep, kept in (("failed", {"throw"}), ("all", {"throw", "fine"}), ("none", set())):
            exp = self.experiment("grid: {what: [fine, throw], seed: [1]}\n", keep)
            script = self.folder / "talk"
            script.write_text("#!/bin/sh\necho out $1\necho err $1 >&2\n[ $1 = fine ]\n")
            script.chmod(0o755)
            done = self.sweep(exp, "--command", f"{script} {{what}}", "--keep-output", keep)
            self.assertEqual(done.returncode, 1)
            found = self.by_field(exp, "what")
            for what in ("fine", "throw"):
                run_id = found[what]["run_id"]
                folder = exp / "runs" / run_id[:2] / run_id
                with self.subTest(keep=keep, what=what):
                    self.assertEqual(folder.exists(), what in kept)
                    if what in kept:
                        self.assertEqual((folder / "stdout").read_text(), f"out {what}\n")
                        self.assertEqual((folder / "stderr").read_text(), f"err {what}\n")
                    self.assertEqual(found[what]["stderr"], f"err {what}\n")

    def test_one_rank_supervises_several_slots(self):
        exp = self.experiment(self.together() + "grid: {seed: [i;0:1:16]}\n")
        self.expect(4)
        done = self.call(*ranks(2), MALET, exp, "--slots", 2, "--plugin", FAULTS, "--function",
                         "place")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        places = {(attempt["rank"], attempt["slot"]) for attempt in self.attempts(exp)}
        self.assertEqual(places, {(0, 0), (0, 1), (1, 0), (1, 1)})
        self.assert_nothing_left()

    def test_hosts_work_under_both_schedules_and_with_splits(self):
        for schedule in ("dynamic", "static"):
            exp = self.experiment("grid: {seed: [i;0:1:12]}\n", schedule)
            done = self.place(exp, "--schedule", schedule, way="ranks")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertEqual(self.status(exp)["completed"], 12)
            lines = sum(len(path.read_text().splitlines())
                        for path in exp.rglob("*.attempts.jsonl"))
            self.assertEqual(lines, 12)


if __name__ == "__main__":
    unittest.main()
