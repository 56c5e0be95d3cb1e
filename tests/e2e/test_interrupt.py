"""Whatever ends a job, the next one goes on and every config completes once."""
import os
import random
import re
import shutil
import signal
import time
import unittest

from harness import MALET, PROBE, ranks
from hosts import HostTest, read_file

GRID = """\
sleep_ms: 5
grid:
  lr: [0.5]
  seed: [i;0:1:300]
"""


class InterruptTest(HostTest):
    isolation = "process"

    def shared_memory(self):
        """The files that Open MPI's ranks of this test share."""
        return {path.decode() for pid in self.marked()
                for path in re.findall(rb"/dev/shm/vader\S+", read_file(f"/proc/{pid}/maps"))}

    def ranks_that_listen(self, job):
        """How many ranks of a job catch SIGUSR1 by now; earlier it would end them."""
        caught = 0
        for pid in self.marked():
            status = read_file(f"/proc/{pid}/status").decode()
            parent, mask = re.search(r"PPid:\s*(\d+)", status), re.search(r"SigCgt:\s*(\w+)", status)
            if parent and mask and job.pid in (int(pid), int(parent[1])) and "Name:\tmalet-mpi" in status:
                caught += int(mask[1], 16) >> (signal.SIGUSR1 - 1) & 1
        return caught

    def steps_seen(self, exp):
        """How many steps the first run has reported."""
        rows = self.rows(exp) if (exp / "log.tsv").exists() else []
        return len(rows[0].get("loss") or []) if rows else 0

    def function(self, name):
        return ["--plugin", PROBE, "--function", name, "--isolation", self.isolation]

    def probe(self, exp, *arguments, **keywords):
        return super().probe(exp, "--isolation", self.isolation, *arguments, **keywords)

    def assert_complete_once(self, exp, count):
        results = self.results(exp)
        self.assertEqual(len(results), count)
        for (seed, rate), found in results.items():
            self.assertEqual(found, ("C", rate * seed))

    def run_until_done(self, command):
        for _ in range(5):
            done = self.call(*command)
            if done.returncode == 0:
                return
        self.fail(done.stdout + done.stderr)

    def test_a_sweep_interrupted_at_random_moments_completes_once(self):
        draw = random.Random(os.environ.get("MALET_SEED", "2"))
        signals = [signal.SIGINT, signal.SIGTERM, signal.SIGKILL, signal.SIGUSR1, signal.SIGHUP]
        for round_number in range(int(os.environ.get("MALET_ROUNDS", "5"))):
            exp = self.experiment(GRID, f"round{round_number}")
            command = ranks(3, MALET, exp, *self.function("probe"),
                            "--schedule", draw.choice(["dynamic", "static"]))
            job = self.start(*command)
            time.sleep(draw.uniform(0.2, 1.5))
            which = signals[round_number % len(signals)]
            os.kill(job.pid, which)
            job.communicate(timeout=30)
            self.run_until_done(command)
            with self.subTest(signal=which):
                self.assert_complete_once(exp, 300)

    def test_usr1_to_mpirun_leaves_with_75_and_loses_nothing(self):
        trace = self.folder / "trace"
        exp = self.experiment(f"trace: {trace}\n" + GRID)
        command = ranks(3, MALET, exp, *self.function("probe"))
        job = self.start(*command)
        self.wait_for(lambda: trace.exists() and len(trace.read_text().split()) > 30)
        job.send_signal(signal.SIGUSR1)
        output = job.communicate(timeout=30)[0]
        self.assertEqual(job.returncode, 75, output)
        self.assertGreater(self.status(exp)["completed"], 20)
        self.assertEqual(self.malet("status", exp, "--exit-code").returncode, 75)
        self.run_until_done(command)
        self.assert_complete_once(exp, 300)
        started = trace.read_text().split()
        # What does not ask whether it should stop is ended with its host, and runs again.
        again = 3 if self.isolation == "process" else 0
        self.assertLessEqual(len(started) - len(set(started)), again)

    def test_a_signal_while_plug_ins_load_stops_the_job_as_a_later_one_does(self):
        exp = self.experiment(GRID)
        loading = self.folder / "loading"
        for command in ([MALET], ranks(2, MALET)):
            # Hosts load plug-ins as well, but those of rank 0 alone are loaded before any host is.
            count = 2 if self.isolation == "none" and len(command) > 1 else 1
            loading.mkdir()
            job = self.start(*command, exp, *self.function("probe"), MALET_PROBE_LOADS=str(loading))
            self.wait_for(lambda: len(list(loading.iterdir())) >= count)
            self.wait_for(lambda: self.ranks_that_listen(job) >= (2 if len(command) > 1 else 1))
            job.send_signal(signal.SIGUSR1)
            time.sleep(0.2)  # for mpirun, which passes it on
            shutil.rmtree(loading)
            output = job.communicate(timeout=30)[0]
            self.assertEqual(job.returncode, 75, output)
        self.assertEqual(self.malet("status", exp, "--exit-code").returncode, 75)
        self.run_until_done(ranks(2, MALET, exp, *self.function("probe")))
        self.assert_complete_once(exp, 300)

    def test_term_to_mpirun_saves_what_was_finished(self):
        trace = self.folder / "trace"
        exp = self.experiment(f"trace: {trace}\n" + GRID.replace("300", "2000"))
        command = ranks(3, MALET, exp, *self.function("probe"))
        job = self.start(*command)
        self.wait_for(lambda: trace.exists() and len(trace.read_text().split()) > 100)
        segments = self.shared_memory()
        self.assertTrue(segments)
        before = len(trace.read_text().split())
        job.send_signal(signal.SIGTERM)
        job.communicate(timeout=30)
        saved = self.status(exp)["completed"]
        # Three runs may be in progress; the others finished before the signal.
        self.assertGreaterEqual(saved, before - 3)
        self.assertEqual([path for path in segments if os.path.exists(path)], [])

    def test_ctrl_c_without_a_launcher_is_graceful(self):
        exp = self.experiment("steps: 1000\nstep_ms: 5\ngrid: {lr: [0.5], seed: [1, 2]}\n")
        job = self.start(MALET, exp, *self.function("probe"))
        self.wait_for(lambda: self.steps_seen(exp) > 5)
        job.send_signal(signal.SIGINT)
        output = job.communicate(timeout=10)[0]
        self.assertEqual(job.returncode, 75, output)
        self.assertIn("0 complete, 1 interrupted, 1 not run", output)
        self.assertEqual(self.malet("status", exp, "--exit-code").returncode, 75)
        row = self.rows(exp)[0]
        self.assertEqual(row["status"], "F")
        self.assertGreater(len(row["loss"]), 5)

    def test_a_signal_to_one_rank_alone_ends_a_static_job(self):
        pids = self.folder / "pids"
        pids.mkdir()
        exp = self.experiment(GRID.replace("sleep_ms: 5", "sleep_ms: 50"))
        shell = (f'echo $$ > "{pids}/$OMPI_COMM_WORLD_RANK"; '
                 f'exec "{MALET}" "{exp}" --plugin "{PROBE}" --function probe --schedule static')
        job = self.start(*ranks(3, "sh", "-c", shell))
        log = exp / "log_splits/split_1.tsv"
        self.wait_for(lambda: log.exists() and self.status(exp)["completed"] > 0)
        os.kill(int((pids / "2").read_text()), signal.SIGUSR1)
        output = job.communicate(timeout=30)[0]
        self.assertEqual(job.returncode, 75, output)
        self.assertGreater(self.status(exp)["pending"], 0)

    def test_a_run_resumes_its_series(self):
        exp = self.experiment("steps: 400\nstep_ms: 5\ngrid: {lr: [0.5], seed: [1]}\n")
        job = self.start(MALET, exp, *self.function("probe"))
        self.wait_for(lambda: self.steps_seen(exp) > 5)
        job.send_signal(signal.SIGTERM)
        job.communicate(timeout=10)
        steps = len(self.rows(exp)[0]["loss"])
        self.assertIn(steps, range(5, 400))
        self.assertEqual(self.probe(exp).returncode, 0)
        row = self.rows(exp)[0]
        self.assertEqual(row["loss"], [1 / (step + 1) for step in range(400)])

    def test_a_run_that_does_not_return_is_left_behind(self):
        for name, command in (("alone", [MALET]), ("ranks", ranks(3, MALET))):
            exp = self.experiment("grid: {lr: [0.5], seed: [1, 2, 3]}\n", name)
            job = self.start(*command, exp, *self.function("stuck"), "--grace", "0.3")
            self.wait_for(lambda: (exp / "log.tsv").exists() and self.status(exp)["running"])
            job.send_signal(signal.SIGUSR1)
            begin = time.monotonic()
            output = job.communicate(timeout=20)[0]
            self.assertEqual(job.returncode, 75, output)
            self.assertLess(time.monotonic() - begin, 10)
            self.assertGreaterEqual(self.status(exp)["failed"], 1)

    def test_a_timeout_ends_the_job_in_time(self):
        exp = self.experiment("steps: 100000\nstep_ms: 5\ngrid: {lr: [0.5], seed: [1, 2]}\n")
        begin = time.monotonic()
        done = self.probe(exp, "--timeout", "6s", "--grace", "1s")
        self.assertEqual(done.returncode, 75, done.stderr)
        self.assertLess(time.monotonic() - begin, 6)
        self.assertEqual(self.rows(exp)[0]["status"], "F")


    def deadline_job(self, name, *arguments, **variables):
        """Runs of a second, and a deadline about 5 s after the start: how many began, and what
        became of them."""
        trace = self.folder / f"trace_{name}"
        exp = self.experiment(f"trace: {trace}\nsteps: 100\nstep_ms: 10\n"
                              "grid: {lr: [0.5], seed: [i;0:1:20]}\n", name)
        begin = time.monotonic()
        job = self.start(MALET, exp, *self.function("probe"), "--grace", "1s", *arguments,
                         **variables)
        output = job.communicate(timeout=30)[0]
        self.assertEqual(job.returncode, 75, output)
        self.assertLess(time.monotonic() - begin, 9)
        return len(trace.read_text().split()), self.status(exp), output

    def test_what_would_not_end_before_the_deadline_is_not_started(self):
        began, status, output = self.deadline_job("gate", "--timeout", "9s")
        self.assertEqual((status["completed"], status["running"]), (began, 0), output)
        self.assertIn(began, range(2, 6))
        self.assertIn("nothing more is started (--gate off", output)

    def test_without_a_gate_the_deadline_cuts_what_runs(self):
        for name, flags in (("off", ["--gate", "off"]), ("checkpoint", ["--checkpoint"])):
            began, status, output = self.deadline_job(name, "--timeout", "9s", *flags)
            self.assertEqual((status["completed"], status["failed"]), (began - 1, 1), output)
            self.assertNotIn("--gate", output)

    def test_the_end_of_a_slurm_allocation_is_a_deadline(self):
        for timeout in ([], ["--timeout", "1h"]):
            end = str(int(time.time()) + 9)
            began, status, output = self.deadline_job(f"slurm{len(timeout)}", *timeout,
                                                      SLURM_JOB_ID="4", SLURM_JOB_END_TIME=end)
            self.assertEqual((status["completed"], status["running"]), (began, 0), output)


class InterruptInRankTest(InterruptTest):
    """The same where functions are called in the ranks."""
    isolation = "none"


if __name__ == "__main__":
    unittest.main()
