"""Series in HDF5 that are damaged, missing or of another experiment: refused, and nothing changes."""
import os
import signal
import sys
import unittest

from harness import MALET
from series import SeriesTest


class FaultTest(SeriesTest):
    def test_what_does_not_fit_is_refused_and_stays(self):
        exp = self.grid(steps=50)
        self.assertEqual(self.run_series(exp).returncode, 0)
        log, series = exp / "log.tsv", exp / "log.h5"
        whole, text = series.read_bytes(), log.read_text()
        damages = {
            "no HDF5": lambda: series.write_text("lr\tloss\n"),
            "cut": lambda: series.write_bytes(whole[:len(whole) // 2]),
            "flipped": lambda: series.write_bytes(
                whole[:100] + bytes(byte ^ 0x55 for byte in whole[100:200]) + whole[200:]),
            "other value": lambda: log.write_text(text.replace("\t49\t", "\t48\t")),
            "unknown run": lambda: log.write_text("\n".join(text.splitlines()[:-1]) + "\n"),
        }
        for name, damage in damages.items():
            with self.subTest(damage=name):
                damage()
                before = self.snapshot(exp)
                for command in (["show", exp], ["compact", exp],
                                ["export", exp, "-o", self.folder / "x.h5"],
                                ["run", exp, "--command", "true"]):
                    self.assert_refused(self.malet(*command), "log.h5")
                self.assertEqual(self.malet("status", exp).returncode, 0)
                self.assertEqual(self.snapshot(exp), before)
                series.write_bytes(whole)
                log.write_text(text)
        told = 0
        for at in range(0, len(whole), 150):
            series.write_bytes(whole[:at] + bytes([whole[at] ^ 0x40]) + whole[at + 1:])
            out = self.folder / "flipped.jsonl"
            done = self.malet("export", exp, "-o", out)
            if done.returncode:
                told += 1
                self.assert_refused(done, "log.h5")
                self.assertFalse(out.exists())
            out.unlink(missing_ok=True)
        self.assertGreater(told, 10)
        series.write_bytes(whole)
        log.write_text("\n".join(text.splitlines()[:-1]) + "\n")
        done = self.malet("compact", exp, "--drop-unknown")
        self.assertEqual(done.returncode, 0)
        self.assertIn("left out the series of 1 run that log.tsv does not have", done.stderr)
        self.assertEqual(len(self.rows(exp)), 5)
        done = self.malet("compact", exp, "--drop-unknown")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_a_list_in_a_cell_has_to_be_the_series_that_is_stored(self):
        exp = self.grid(steps=6)
        self.assertEqual(self.run_series(exp).returncode, 0)
        log = exp / "log.tsv"
        lines = log.read_text().splitlines(keepends=True)
        self.assertEqual(lines[-1].count("\t5\t"), 1)
        for cell, agrees in (("[0, 1, 2, 3, 4, 5]", True), ("[0, 1, 2, 3, 4]", False),
                             ("[0, 1, 2, 9, 4, 5]", False), ("[5]", False)):
            log.write_text("".join(lines[:-1]) + lines[-1].replace("\t5\t", f"\t{cell}\t"))
            before = self.snapshot(exp)
            for command in (["show", exp], ["export", exp, "-o", self.folder / "x.tsv"],
                            ["merge", exp, "-o", self.folder / "merged.tsv"]):
                if agrees:
                    self.assertEqual(self.malet(*command).returncode, 0)
                else:
                    self.assert_refused(self.malet(*command), "log.h5:", "step", "has 6 elements",
                                        cell)
            self.assertEqual(self.snapshot(exp), before)
            (self.folder / "merged.tsv").unlink(missing_ok=True)

    def writers_of(self, exp):
        return (["compact", exp], ["compact", exp, "--drop-unknown"], ["mark-failed", exp],
                ["resplit", exp, "-n", "2"], ["run", exp, "--command", "true"])

    def test_series_of_another_experiment_are_not_dropped(self):
        exp = self.grid(steps=50)
        self.assertEqual(self.run_series(exp).returncode, 0)
        log, config = exp / "log.tsv", exp / "exp_config.yaml"
        text = log.read_text()
        log.write_text(text.replace("steps: 50", "steps: 51"))
        config.write_text(config.read_text().replace("steps: 50", "steps: 51"))
        self.assertNotEqual(log.read_text(), text)
        before = self.snapshot(exp)
        self.assert_refused(self.malet("compact", exp, "--drop-unknown"), "log.h5", "6 runs",
                            "log.tsv")
        self.assertEqual(self.snapshot(exp), before)
        config.write_text(config.read_text().replace("steps: 51", "steps: 50"))
        log.write_text(text.replace("\t49\t", "\t48\t"))
        self.assertNotEqual(log.read_text(), text)
        before = self.snapshot(exp)
        self.assert_refused(self.malet("compact", exp, "--drop-unknown"), "ends with 49")
        self.assertEqual(self.snapshot(exp), before)

    def test_segments_that_are_missing_stop_whoever_writes(self):
        exp = self.grid(steps=100000, rest=0.005)
        job = self.start(*self.command(exp, "--command", f"{sys.executable} {self.program}",
                                       "--series", "hdf5"))
        # The third is written when the journal goes on behind the second.
        self.wait_for(lambda: len(self.segments(exp)) >= 3, 120)
        os.killpg(job.pid, signal.SIGKILL)
        job.communicate()
        (exp / "log.tsv.writer").unlink()  # of the dead, which the next one takes away
        segments = self.segments(exp)
        kept = self.folder / "kept"
        kept.mkdir()
        for missing, words in ((segments[1:], ["elements up to segment 1,"]),
                               (segments[:1], ["segments 1 to 1"]), (segments, ["element"])):
            with self.subTest(missing=[segment.name for segment in missing]):
                for segment in missing:
                    segment.rename(kept / segment.name)
                before = self.snapshot(exp)
                for command in (*self.writers_of(exp), ["show", exp]):
                    self.assert_refused(self.malet(*command), "log.h5", *words)
                    self.assertEqual(self.snapshot(exp), before, command)
                for segment in missing:
                    (kept / segment.name).rename(segment)
        first = segments[0]
        first.rename(first.with_name("00000001-00000002.h5"))
        self.assert_refused(self.malet("show", exp), "00000001-00000002.h5:",
                            "holds segments 1 to 1")
        first.with_name("00000001-00000002.h5").rename(first)
        self.assertEqual(self.malet("mark-failed", exp).returncode, 0)
        for row in self.rows(exp):
            self.assertEqual(row["step"], list(range(len(row["step"]))))

    def segments(self, exp):
        return sorted((exp / "log.h5.d").glob("????????-????????.h5"))

    def test_a_link_that_leads_nowhere_is_an_error(self):
        exp = self.experiment("grid:\n  seed: [1]\n")
        self.assertEqual(self.sweep(exp, "--command", "true").returncode, 0)
        for name in ("log.h5", "log.h5.d"):
            (exp / name).symlink_to("nowhere")
            before = self.snapshot(exp)
            for command in (*self.writers_of(exp), ["show", exp], ["status", exp],
                            ["export", exp, "-o", self.folder / "x.csv"]):
                self.assert_refused(self.malet(*command), f"{name}:", "leads nowhere")
            self.assertEqual(self.snapshot(exp), before)
            (exp / name).unlink()

    def test_series_without_their_log_are_an_error(self):
        exp = self.grid(steps=20)
        self.assertEqual(self.run_series(exp).returncode, 0)
        (exp / "log.tsv").unlink()
        before = self.snapshot(exp)
        for command in (["compact", exp], ["compact", exp, "--drop-unknown"]):
            self.assert_refused(self.malet(*command), "log.h5:", "gone")
        self.assertEqual(self.snapshot(exp), before)

    def test_failures_of_the_library_are_one_sentence(self):
        exp = self.grid(steps=20)
        self.assertEqual(self.run_series(exp).returncode, 0)
        whole = (exp / "log.h5").read_bytes()
        (exp / "log.h5").unlink()
        (exp / "log.h5").mkdir()
        for command in (*self.writers_of(exp), ["show", exp]):
            done = self.malet(*command)
            self.assert_refused(done, "log.h5:", "Is a directory")
            self.check_plain(done)
        (exp / "log.h5").rmdir()
        (exp / "log.h5").write_bytes(whole)
        limited = ["sh", "-c", 'ulimit -f 4; exec "$@"', "sh"]
        done = self.call(*limited, MALET, "export", exp, "-o", self.folder / "x.h5")
        self.assertEqual(done.returncode, 70, done.stderr)
        self.assertIn("x.h5", done.stderr)
        self.assertIn("File too large", done.stderr)
        self.assertEqual(list(self.folder.glob("*x.h5*")), [])
        self.check_plain(done)

    def check_plain(self, done):
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        for word in ("0x", "errno", "time =", "buf"):
            self.assertNotIn(word, done.stderr)

    def test_compact_waits_for_no_writer(self):
        exp = self.grid(steps=4000, rest=0.01)
        job = self.start(*self.command(exp, "--command", f"{sys.executable} {self.program}",
                                       "--series", "hdf5"))
        self.wait_for(lambda: (exp / "log.tsv.writer").exists() and (exp / "log.tsv").exists())
        self.assert_refused(self.malet("compact", exp), "log.tsv.writer", code=3)
        os.killpg(job.pid, signal.SIGKILL)
        job.communicate()


if __name__ == "__main__":
    unittest.main()
