"""What the tests under Slurm share: a private cluster, jobs on it, and the audit of folders.

`main()` runs the file's tests on the cluster (tests/slurm/cluster) in the folder MALET_SLURM, which ctest
starts for several files. Where there is none it starts one of its own, and stops it afterwards; it
leaves with 77, which ctest knows as skipped, where there can be none.
"""
import datetime
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "e2e"), str(HERE.parent / "audit")]
from audit import Audit  # noqa: E402
from harness import BUILD, MALET, PROBE  # noqa: E402
from hosts import HostTest, read_file  # noqa: E402

CLUSTER = str(HERE / "cluster")
SCRIPTS = HERE.parents[1] / "slurm"
EIGHT = ("-N2", "-n8", "--ntasks-per-node=4", "--gres=gpu:4")
GRID = "sleep_ms: {sleep_ms}\ngrid: {{lr: [0.5, 0.25], seed: [i;0:1:{seeds}]}}\n"
WHAT = ("--plugin", PROBE, "--function", "device")
ENDED = {"COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "PREEMPTED", "BOOT_FAIL"}
PATIENCE = 150  # seconds; long enough for a loaded machine


class Cluster:
    """The one that this file's tests use."""
    folder = os.environ.get("MALET_SLURM", "/nonexistent")

    @classmethod
    def call(cls, command, *arguments):
        return subprocess.run([CLUSTER, command, cls.folder, *arguments], text=True,
                              stdin=subprocess.DEVNULL, capture_output=True)

    @classmethod
    def conf(cls):
        return f"{cls.folder}/slurm.conf"

    @classmethod
    def ask(cls, *command):
        return subprocess.run(command, text=True, env=dict(os.environ, SLURM_CONF=cls.conf()),
                              stdin=subprocess.DEVNULL, capture_output=True).stdout

    @classmethod
    def clear(cls):
        """Ends what a failed test has left; where that does not help, all begins anew."""
        cls.ask("scancel", "--full", "-u", "root")
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if not cls.ask("squeue", "-h") and cls.ask("sinfo", "-h", "-p", "main", "-o", "%T") == "idle\n":
                return
            time.sleep(0.2)
        begun = cls.call("start", "--anew")
        print(begun.stdout + begun.stderr, end="", flush=True)


def run_tests():
    good = unittest.main(exit=False).result.wasSuccessful()
    if not good:
        print(pathlib.Path(Cluster.folder, "log/slurmctld").read_text()[-3000:])
    return good


def main(nodes=2):
    if nodes == 2 and os.path.exists(Cluster.conf()):
        Cluster.clear()
        sys.exit(0 if run_tests() else 1)
    Cluster.folder = f"{tempfile.mkdtemp(prefix='malet-slurm-')}/cluster"
    os.chmod(os.path.dirname(Cluster.folder), 0o755)
    begun = Cluster.call("start", "--nodes", str(nodes))
    print(begun.stdout + begun.stderr, end="", flush=True)
    good = False
    try:
        if begun.returncode == 0:
            good = run_tests()
    finally:
        stopped = Cluster.call("stop") if begun.returncode == 0 else begun
        shutil.rmtree(os.path.dirname(Cluster.folder), ignore_errors=True)
    if begun.returncode != 0:
        sys.exit(begun.returncode)
    print(stopped.stderr, end="")
    sys.exit(0 if good and stopped.returncode == 0 else 1)


class SlurmTest(HostTest):
    def setUp(self):
        super().setUp()
        for name in [name for name in self.environment if name.startswith(("SLURM_", "PMI"))]:
            del self.environment[name]
        self.environment["SLURM_CONF"] = Cluster.conf()
        self.environment["PATH"] = f"{BUILD}:{self.environment['PATH']}"

    def grid(self, seeds=200, sleep_ms=20, name="exp", more=""):
        """An experiment of two configs per seed."""
        return self.experiment(more + GRID.format(seeds=seeds, sleep_ms=sleep_ms), name)

    def sweep_command(self, exp, *arguments):
        return [MALET, exp, *WHAT, *arguments]

    def srun(self, *arguments):
        return self.call("srun", *arguments, timeout=PATIENCE)

    def start_srun(self, exp, *arguments, launch=EIGHT):
        """A sweep in the background, as a job of the folder's name."""
        return self.start("srun", "-J", exp.name, *launch, *self.sweep_command(exp, *arguments))

    def wait_for_runs(self, exp, count):
        self.wait_for(lambda: (exp / "log.tsv").exists() and self.completed(exp) >= count)

    def end(self, job):
        """What srun left with and what it said."""
        output = job.communicate(timeout=PATIENCE)[0]
        return job.returncode, output

    def finish(self, exp, count, *arguments):
        """Runs what is left, and looks at everything."""
        done = self.srun(*EIGHT, *self.sweep_command(exp, *arguments))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assert_audit(exp, count)

    def wait_for(self, condition, seconds=PATIENCE):
        super().wait_for(condition, seconds)

    # Batch jobs

    def sbatch(self, script, *arguments, options=()):
        """The number of the job that a script becomes: one of slurm/, or a text."""
        path = SCRIPTS / script
        if script.endswith("\n"):
            path = self.folder / "script"
            path.write_text("#!/bin/bash\n" + script)
        done = self.call("sbatch", "--parsable", "-o", self.folder / "job-%A-%a.out",
                         "-D", self.folder, *options, path, *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def output(self, job):
        return "".join(path.read_text() for path in sorted(self.folder.glob(f"job-{job}-*.out")))

    def jobs(self, job):
        """What Slurm says of the job, or of each task of an array."""
        done = self.call("scontrol", "show", "job", "-o", job)
        return [dict(re.findall(r"(\w[\w/]*)=(\S*)", line)) for line in done.stdout.splitlines()]

    def states(self, job):
        return {task["JobState"] for task in self.jobs(job)}

    def has_ended(self, job):
        """A job that is about to be requeued shows an end as its state for a moment."""
        in_queue = self.call("squeue", "-h", "-j", job).stdout
        return not in_queue and bool(self.states(job)) and self.states(job) <= ENDED

    def wait_for_end(self, job, *ends):
        """Until the job, or all tasks of the array, have ended so."""
        self.wait_for(lambda: self.has_ended(job))
        self.assertEqual(self.states(job), set(ends), self.output(job))

    def is_requeued(self, job, times=1):
        found = self.jobs(job)[0]
        return found["JobState"] == "PENDING" and int(found["Restarts"]) >= times

    def hasten(self, job):
        """Until it begins: a requeued job need not wait for the usual two minutes. But nodes refuse
        one that begins in the second in which they were told of its end."""
        self.wait_for(lambda: self.has_begun(job))

    def has_begun(self, job):
        found = self.jobs(job)[0]
        if found["JobState"] == "RUNNING" or self.has_ended(job):
            return True
        soon = datetime.datetime.now() + datetime.timedelta(seconds=5)
        # Slurm may set the time anew while the job is still being cleared up.
        if found["JobState"] == "PENDING" and found["EligibleTime"] > soon.isoformat():
            self.call("scontrol", "update", f"JobId={job}", "StartTime=now+3")
        return False

    def wait_for_requeue(self, job):
        self.wait_for(lambda: self.is_requeued(job))
        self.hasten(job)

    def preempt(self):
        """A short job that needs all devices, at once."""
        done = self.srun("-p", "urgent", "-N2", "-n2", "--ntasks-per-node=1", "--gres=gpu:4",
                         "hostname")
        self.assertEqual(done.returncode, 0, done.stderr)

    # What a folder holds

    def completed(self, exp):
        return self.status(exp)["completed"]

    def assert_audit(self, exp, expect, finished=True):
        audit = Audit(exp)
        audit.check_rows(expect)
        audit.check_attempts()
        if finished:
            audit.check_finished()
        self.assertEqual(audit.findings, [])

    def assert_once(self, exp, count, interrupted):
        """No run was done twice but those that were in progress."""
        reasons = [attempt["reason"] for attempt in Audit(exp).attempts]
        self.assertEqual(reasons.count("ok"), count)
        self.assertLessEqual(len(reasons) - count, interrupted)

    def assert_devices(self, exp, nodes=2, gpus=4):
        """All devices were used, and none by two runs at a time."""
        spans = {}
        for row in self.rows(exp):
            place = (row["node"], str(row["device"]))
            spans.setdefault(place, []).append((row["begin"], row["end"]))
        wanted = {(f"n{node + 1}", str(gpu)) for node in range(nodes) for gpu in range(gpus)}
        self.assertEqual(set(spans), wanted)
        for place, times in spans.items():
            times.sort()
            for (_, end), (begin, _) in zip(times, times[1:]):
                self.assertLessEqual(end, begin, place)

    def assert_nothing_left(self, seconds=60):
        super().assert_nothing_left(seconds)

    def scratch(self):
        """Scratch folders in what is /tmp of the nodes."""
        return [str(path) for path in pathlib.Path(Cluster.folder, "tmp").glob("*/malet-*")]
