"""Full, small and read-only disks: results stay, the files on disk stay whole, the user is told."""
import os
import pathlib
import subprocess
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "e2e"), str(HERE.parent / "audit")]
from audit import Audit  # noqa: E402
from harness import BUILD, MALET, PROBE, FolderTest  # noqa: E402

SHIM = str(BUILD / "libmalet_disk_shim.so")
GRID = "sleep_ms: 20\ngrid:\n  lr: [0.5]\n  seed: [i;0:1:200]\n"


class DiskTest(FolderTest):
    def command(self, exp):
        return [MALET, exp, "--plugin", PROBE, "--function", "probe", "-j", "2"]

    def assert_finished(self, exp, runs=200):
        audit = Audit(exp)
        audit.check_rows(runs)
        audit.check_attempts()
        audit.check_finished()
        self.assertEqual(audit.findings, [])

    def small_disk(self, size):
        """A tmpfs of that size, where we may mount one."""
        disk = self.folder / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", disk],
                                 capture_output=True, check=False)
        if mounted.returncode != 0:
            self.skipTest("no permission to mount a small disk")
        self.addCleanup(subprocess.run, ["umount", "-l", disk], check=False)
        return disk

    def fill(self, disk):
        """Leaves no byte free; gives the file that holds them."""
        filler = disk / "filler"
        with open(filler, "wb", buffering=0) as out:
            try:
                while True:
                    out.write(b"x" * 4096)
            except OSError:
                pass
        return filler

    def test_a_disk_that_is_full_for_a_while_costs_nothing(self):
        disk = self.small_disk("256k")
        exp = self.experiment(self.held(40) + GRID, "disk/exp")
        job = self.start(*self.command(exp))
        self.wait_for(lambda: (exp / "log.tsv.journal").exists() and
                      self.status(exp)["completed"] > 10)
        filler = self.fill(disk)
        self.release()
        time.sleep(1)
        seen = self.status(exp)  # what is there can be read
        self.assertGreater(seen["completed"], 10)
        filler.unlink()
        output = job.communicate(timeout=60)[0]
        self.assertEqual(job.returncode, 0, output)
        self.assertIn("No space left", output)
        self.assert_finished(exp)

    def test_a_disk_that_stays_full_leaves_what_was_there(self):
        disk = self.small_disk("256k")
        exp = self.experiment(self.held(40) + GRID, "disk/exp")
        job = self.start(*self.command(exp), "--timeout", "12", "--grace", "1")
        self.wait_for(lambda: (exp / "log.tsv.journal").exists() and
                      self.status(exp)["completed"] > 10)
        filler = self.fill(disk)
        self.release()
        before = self.status(exp)["completed"]
        output = job.communicate(timeout=60)[0]
        self.assertEqual(job.returncode, 70, output)
        self.assertIn("No space left", output)
        self.assertGreaterEqual(self.status(exp)["completed"], before)
        filler.unlink()
        done = self.call(*self.command(exp))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_finished(exp)

    def test_a_disk_that_is_full_at_the_start_is_told_and_nothing_changes(self):
        disk = self.small_disk("256k")
        exp = self.experiment(GRID, "disk/exp")
        filler = self.fill(disk)
        done = self.call(*self.command(exp))
        self.assert_refused(done, "No space left")
        filler.unlink()
        self.assertEqual(list(self.snapshot(exp)), ["exp_config.yaml"])

    def test_a_limit_on_files_is_as_a_full_disk(self):
        exp = self.experiment(GRID)
        shell = f'trap "" XFSZ; ulimit -f 4; exec "$@"'
        done = self.call("bash", "-c", shell, "sh", *self.command(exp), "--timeout", "6",
                         "--grace", "1")
        self.assertEqual(done.returncode, 70, done.stderr)
        self.assertIn("File too large", done.stderr)
        done = self.call(*self.command(exp))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_finished(exp)

    def test_a_journal_is_read_whatever_was_cut_off(self):
        exp = self.experiment("grid:\n  lr: [0.5]\n  seed: [1, 2, 3]\n")
        job = self.start(MALET, self.experiment(GRID, "other"), "--plugin", PROBE, "--function",
                         "probe")
        other = self.folder / "other"
        self.wait_for(lambda: (other / "log.tsv.journal").exists() and
                      self.status(other)["completed"] > 3)
        job.kill()
        job.communicate(timeout=30)
        journal = (other / "log.tsv.journal").read_bytes()
        draw = range(0, len(journal), 7)
        for size in draw:
            (other / "log.tsv.journal").write_bytes(journal[:size])
            done = self.malet("status", other, "--json")
            self.assertEqual(done.returncode, 0, done.stderr)
        (other / "log.tsv.journal").write_bytes(journal)
        self.assertEqual(exp.name, "exp")
        done = self.call(*self.command(other))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_finished(other)

    def test_a_damaged_journal_or_one_without_its_log_is_told_and_kept(self):
        exp = self.experiment(self.held(40) + GRID)
        job = self.start(*self.command(exp))
        self.wait_for(lambda: (exp / "log.tsv.journal").exists() and
                      self.status(exp)["completed"] > 10)
        job.kill()
        job.communicate(timeout=30)
        self.release()
        whole = (exp / "log.tsv.journal").read_bytes()
        damaged = bytearray(whole)
        damaged[len(whole) // 2] ^= 1
        (exp / "log.tsv.journal").write_bytes(damaged)
        before = self.snapshot(exp)
        for command in (self.command(exp), [MALET, "status", exp], [MALET, "show", exp]):
            self.assert_refused(self.call(*command), "log.tsv.journal", "byte", "checksum")
        self.assertEqual(self.snapshot(exp), before)
        (exp / "log.tsv.journal").write_bytes(whole)
        log = (exp / "log.tsv").read_bytes()
        (exp / "log.tsv").unlink()
        self.assert_refused(self.call(*self.command(exp)), "log.tsv.journal", "put log.tsv back")
        self.assertFalse((exp / "log.tsv").exists())
        (exp / "log.tsv").write_bytes(log)
        self.assertEqual(self.call(*self.command(exp)).returncode, 0)
        self.assert_finished(exp)

    def test_a_log_that_was_edited_beside_its_journal_loses_nothing(self):
        exp = self.experiment(GRID.replace("20", "50", 1))
        job = self.start(*self.command(exp))
        log = exp / "log.tsv"
        self.wait_for(lambda: log.exists() and len(log.read_text().split("\n")) > 15)
        job.kill()
        job.communicate(timeout=30)
        complete = self.status(exp)["completed"]
        lines = (exp / "log.tsv").read_text().split("\n")
        (exp / "log.tsv").write_text("\n".join(lines[:-2]) + "\n")  # a row less
        self.assertGreaterEqual(self.status(exp)["completed"], complete - 1)
        self.assertEqual(self.call(*self.command(exp)).returncode, 0)
        audit = Audit(exp)
        audit.check_rows(200)
        audit.check_finished()
        self.assertEqual(audit.findings, [])

    def shimmed(self, exp, **settings):
        """The variables under which a job finds a bad disk."""
        variables = {"LD_PRELOAD": SHIM, "MALET_CHAOS_FOLDER": str(exp)}
        variables.update({f"MALET_CHAOS_{name}": str(value) for name, value in settings.items()})
        return variables

    def test_a_slow_disk_does_not_hold_runs_up(self):
        exp = self.experiment(GRID)
        begin = time.monotonic()
        job = self.start(*self.command(exp), **self.shimmed(exp, SYNC_MS=300, WRITE_MS=5))
        output = job.communicate(timeout=100)[0]
        self.assertEqual(job.returncode, 0, output)
        # Waiting for a sync per run would take a minute.
        self.assertLess(time.monotonic() - begin, 30)
        self.assert_finished(exp)

    def test_writes_that_fail_now_and_then_cost_nothing(self):
        for seed in range(int(os.environ.get("MALET_ROUNDS", "3"))):
            exp = self.experiment(GRID, f"exp{seed}")
            output = ""
            for _ in range(20):  # a job may not even begin, or not end, on such a disk
                job = self.start(*self.command(exp), **self.shimmed(exp, FULL=10, SEED=seed))
                output = job.communicate(timeout=100)[0]
                self.assertIn(job.returncode, (0, 2, 70), output)
                if job.returncode == 0:
                    break
            self.assertEqual(job.returncode, 0, output)
            audit = Audit(exp)
            audit.check_rows(200)
            audit.check_finished()
            self.assertEqual(audit.findings, [])

    def assert_series(self, exp, runs, steps):
        rows = self.rows(exp)
        self.assertEqual(len(rows), runs)
        for row in rows:
            self.assertEqual((row["status"], row["loss"]),
                             ("C", [1 / (step + 1) for step in range(steps)]))

    def test_segments_that_cannot_be_written_now_and_then_cost_no_step(self):
        for seed in range(int(os.environ.get("MALET_ROUNDS", "2"))):
            exp = self.experiment("steps: 300\nstep_ms: 10\ngrid:\n  lr: [0.5]\n"
                                  "  seed: [i;0:1:6]\n", f"exp{seed}")
            output = ""
            for _ in range(20):
                job = self.start(*self.command(exp), "--series", "hdf5",
                                 **self.shimmed(exp, FULL=10, SEED=seed))
                output = job.communicate(timeout=100)[0]
                self.assertIn(job.returncode, (0, 2, 70), output)
                if job.returncode == 0:
                    break
            self.assertEqual(job.returncode, 0, output)
            self.assert_series(exp, 6, 300)
            self.assertEqual(self.malet("compact", exp).returncode, 0)
            self.assert_series(exp, 6, 300)

    def test_compact_on_a_full_disk_leaves_the_segments(self):
        disk = self.small_disk("4m")
        exp = self.experiment("steps: 1000000\nstep_ms: 1\ngrid:\n  lr: [0.5]\n  seed: [1, 2]\n",
                              "disk/exp")
        job = self.start(*self.command(exp), "--series", "hdf5")
        segments = exp / "log.h5.d"
        self.wait_for(lambda: segments.exists() and len(list(segments.iterdir())) > 1, 120)
        job.kill()
        job.communicate(timeout=60)
        self.assertEqual(self.malet("mark-failed", exp).returncode, 0)
        steps = [len(row["loss"]) for row in self.rows(exp)]
        self.assertGreater(min(steps), 100)
        filler = self.fill(disk)
        os.truncate(filler, filler.stat().st_size - 8192)  # for who writes, and no more
        before = self.snapshot(exp)
        done = self.malet("compact", exp)
        self.assertEqual(done.returncode, 70, done.stderr)
        self.assertIn("the disk has room for", done.stderr)
        self.assertEqual(self.snapshot(exp), before)
        filler.unlink()
        self.assertEqual(self.malet("compact", exp).returncode, 0)
        self.assertEqual([len(row["loss"]) for row in self.rows(exp)], steps)
        self.assertEqual(sorted(path.name for path in exp.glob("log.h5*")), ["log.h5"])

    def test_what_a_killed_snapshot_left_goes(self):
        exp = self.experiment("grid:\n  lr: [0.5]\n  seed: [1, 2, 3]\n")
        for name in ("log.tsv.tmp.4194000", "log.tsv.journal.tmp.4194000"):
            (exp / name).write_text("half a file")
        (exp / "log.tsv.tmp.txt").write_text("a user's file")
        done = self.call(*self.command(exp))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(sorted(path.name for path in exp.iterdir() if "tmp" in path.name),
                         ["log.tsv.tmp.txt"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
