"""Nothing is left behind: no process, no folder, no descriptor, whoever dies.

The environment may say how many: MALET_RUNS.
"""
import os
import signal
import time
import unittest

from hosts import FAULTS, WAYS, HostTest, is_alive, parent, pids, read_file

RUNS = int(os.environ.get("MALET_RUNS", "2000"))
ZOMBIE_SECONDS = 5
BUSY = "trace: {trace}\nsleep_ms: 60000\nasks: false\ngrid: {{seed: [i;0:1:8]}}\n"


def zombies(of):
    return {pid for pid in pids()
            if parent(pid) == of and read_file(f"/proc/{pid}/stat") and not is_alive(pid)}


class LeakTest(HostTest):
    def ranks(self):
        """The ranks themselves, not their hosts and guardians."""
        return [pid for pid in self.marked()
                if read_file(f"/proc/{pid}/cmdline").split(b"\0")[1:2] == [b"run"]]

    def begin(self, way, *command):
        trace = self.folder / f"trace-{way}"
        exp = self.experiment(BUSY.format(trace=trace), way)
        command = command or ("--plugin", FAULTS, "--function", "place")
        job = self.start(*self.command(exp, *command, way=way))
        self.addCleanup(job.stdout.close)
        self.addCleanup(job.kill)
        return exp, job, trace

    def wait_for_runs(self, trace, way):
        self.wait_for(lambda: trace.exists() and
                      len(trace.read_text().splitlines()) >= (3 if way == "ranks" else 2), 60)

    def test_a_killed_rank_takes_its_hosts_with_it(self):
        for way in WAYS:
            with self.subTest(way=way):
                _, job, trace = self.begin(way)
                self.wait_for_runs(trace, way)
                self.assertTrue(self.scratch())
                os.kill(self.ranks()[-1], signal.SIGKILL)
                job.wait(60)
                self.assert_nothing_left(15)

    def test_a_killed_mpirun_takes_everything_with_it(self):
        _, job, trace = self.begin("ranks")
        self.wait_for_runs(trace, "ranks")
        job.kill()
        job.wait(60)
        self.assert_nothing_left(20)

    def test_what_hosts_have_started_goes_with_a_killed_rank(self):
        script = self.folder / "spreads"
        # A group and a session of their own, and one that ignores what can be ignored.
        script.write_text("#!/bin/sh\nsetsid sleep 100 &\n"
                          "sh -c 'trap \"\" TERM HUP INT; sleep 100; sleep 100' &\n"
                          "echo $$ >> $1\nwait\n")
        script.chmod(0o755)
        _, job, trace = self.begin("alone", "--command", f"{script} {{trace}}")
        self.wait_for_runs(trace, "alone")
        self.wait_for(lambda: len(self.hosts()) >= 8)
        job.kill()
        job.wait(60)
        self.assert_nothing_left(15)

    def test_what_commands_leave_behind_is_gone_before_the_next_one(self):
        trace = self.folder / "trace"
        script = self.folder / "leaves"
        script.write_text("#!/bin/sh\nsetsid sh -c 'echo $$ >> $0; exec sleep 100' $1 &\n"
                          "while [ $(wc -l < $1) -lt $2 ]; do sleep 0.01; done\n")
        script.chmod(0o755)
        trace.write_text("")
        exp = self.experiment(f"trace: {trace}\ngrid: {{seed: [1, 2, 3]}}\n")
        done = self.sweep(exp, "--command", f"{script} {{trace}} {{seed}}", "-j", 1)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        left = [int(pid) for pid in trace.read_text().split()]
        self.assertEqual(len(left), 3)
        self.assertEqual([pid for pid in left if is_alive(pid)], [])
        self.assert_nothing_left()

    def watch(self, exp, *command):
        """Descriptors of the job's process by the number of runs so far; no zombie may stay."""
        job = self.start(*self.command(exp, *command))
        self.addCleanup(job.stdout.close)
        self.addCleanup(job.kill)
        seen, since = [], {}
        while job.poll() is None:
            time.sleep(0.1)
            now = time.monotonic()
            since = {pid: since.get(pid, now) for pid in zombies(job.pid)}
            # On a busy machine the rank itself may wait for its turn before it collects them.
            stay = [pid for pid, began in since.items() if now - began > ZOMBIE_SECONDS]
            self.assertEqual(stay, [], "zombies")
            try:
                seen.append(len(os.listdir(f"/proc/{job.pid}/fd")))
            except OSError:
                break
        output = job.communicate(timeout=60)[0]
        self.assertEqual(job.returncode, 0, output)
        self.assert_nothing_left()
        return seen

    def test_many_runs_leak_no_descriptor(self):
        hosts = ("--plugin", FAULTS, "--function", "place")
        for name, count, command in (
                ("commands", RUNS, ("--command", "/bin/true {seed}")),
                ("hosts", RUNS, hosts),
                ("short_lives", RUNS // 10, (*hosts, "--runs-per-host", 1))):
            with self.subTest(what=name):
                exp = self.experiment(f"grid: {{seed: [i;0:1:{count}]}}\n", name)
                seen = self.watch(exp, *command, "--quiet")
                self.assertEqual(self.status(exp)["completed"], count)
                self.assertLess(max(seen), 64, seen)
                third = len(seen) // 3
                if third > 2:
                    self.assertLessEqual(max(seen[-third:]), max(seen[:-third]) + 3, seen)

    def test_nothing_is_left_after_many_crashes(self):
        exp = self.experiment("grid: {what: [segfault, exit, fine], seed: [i;0:1:20]}\n")
        done = self.faults(exp, way="ranks")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(self.status(exp)["completed"], 20)
        self.assert_nothing_left()


if __name__ == "__main__":
    unittest.main()
