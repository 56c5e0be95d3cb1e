"""Series in HDF5: what a sweep leaves, killed or not, as readers of every kind see it."""
import ast
import json
import os
import re
import signal
import sys
import unittest

import h5py
import numpy

from series import SeriesTest, expected, same


class SweepTest(SeriesTest):
    def test_a_sweep_leaves_one_file_of_series(self):
        exp = self.grid(steps=3000)
        done = self.run_series(exp)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.check_whole(exp, [exp / "log.h5"], 3000)
        self.assertFalse((exp / "log.h5.d").exists())
        self.assertFalse((exp / "log.tsv.journal").exists())
        cells = [line.split("\t") for line in (exp / "log.tsv").read_text().splitlines()]
        names = [a.strip() or b for a, b in zip(cells[4], cells[5])]
        for row in cells[6:]:
            self.assertEqual(row[names.index("step")], "2999")
            self.assertEqual(row[names.index("curve")], "3")
            self.assertEqual(row[names.index("note")], "['a', None]")

    def test_every_schedule_gives_the_same_series(self):
        for schedule, way in (("static", "alone"), ("dynamic", "ranks"), ("static", "ranks")):
            with self.subTest(schedule=schedule, way=way):
                exp = self.grid(name=f"{schedule}-{way}")
                done = self.run_series(exp, "--schedule", schedule, way=way)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                files = list(exp.glob("log_splits/*.h5")) or [exp / "log.h5"]
                self.assertEqual(len(files) > 1, schedule == "static")
                self.check_whole(exp, files, 300)

    def test_killed_jobs_lose_no_step(self):
        exp = self.grid(steps=400, rest=0.002)
        for kill in range(4):
            job = self.start(*self.command(exp, "--command", f"{sys.executable} {self.program}",
                                           "--series", "hdf5", "--quiet"))
            before = self.steps_seen(exp)
            self.wait_for(lambda: job.poll() is not None or self.steps_seen(exp) > before + 150, 60)
            os.killpg(job.pid, signal.SIGKILL)
            job.communicate()
            seen = self.steps_seen(exp)
            self.assertGreaterEqual(seen, before)
            for row in self.rows(exp):
                steps = row["step"] if isinstance(row["step"], list) else []
                self.assertEqual(steps, list(range(len(steps))))
            before = seen
        done = self.run_series(exp)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.check_whole(exp, [exp / "log.h5"], 400)

    def steps_seen(self, exp):
        if not (exp / "log.tsv").exists():
            return 0
        return sum(len(row["step"]) for row in self.rows(exp) if isinstance(row.get("step"), list))

    def test_compact_and_resplit_keep_every_value(self):
        exp = self.grid(rest=0.01)
        done = self.run_series(exp, "--timeout", "6", "--grace", "0.5", "--gate", "off")
        self.assertEqual(done.returncode, 75, done.stdout + done.stderr)
        self.assertTrue((exp / "log.h5.d").exists())
        before = self.rows(exp)
        done = self.malet("compact", exp)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.strip(), str(exp / "log.h5"))
        self.assertFalse((exp / "log.h5.d").exists())
        self.assertEqual(repr(self.rows(exp)), repr(before))
        for splits in (3, 1):
            done = self.malet("resplit", exp, "-n", splits)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(repr(self.rows(exp)), repr(before))
        self.assertEqual((exp / "log.h5").exists(), True)
        self.assertTrue(list(exp.glob("logs_backup*.h5")))
        self.assertEqual(self.run_series(exp).returncode, 0)
        self.check_whole(exp, [exp / "log.h5"], 300)

    def test_a_rerun_starts_series_anew(self):
        exp = self.experiment("grid:\n  seed: [1]\n")
        program = self.folder / "again.sh"
        for value, code in ((1, 1), (2, 0)):
            lines = f'{{"loss": {value}.5}}\n' * (4 - value)
            program.write_text(f"cat >$MALET_METRICS <<'END'\n{lines}END\nexit {code}\n")
            done = self.sweep(exp, "--command", f"sh {program}", "--series", "hdf5")
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertEqual(self.rows(exp)[0]["loss"], [2.5, 2.5])

    def test_exports_hold_whole_series(self):
        exp = self.grid()
        self.assertEqual(self.run_series(exp).returncode, 0)
        out = self.folder / "out"
        for arguments in ((out / "results.h5",), (out / "log.tsv", "--inline"), (out / "r.jsonl",)):
            done = self.malet("export", exp, "-o", *arguments)
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_refused(self.malet("export", exp, "-o", exp / "log.h5"), "log.h5", "series")
        self.check_whole(exp, [exp / "log.h5"], 300)
        with h5py.File(out / "results.h5") as file:
            self.assertEqual(file.attrs["steps"], 300)
            lr = file["configs/lr"][:]
            self.assertEqual(sorted(set(lr)), [0.1, 0.3, 1.0])
            offsets = file["series/loss/offsets"][:]
            values = file["series/loss/values"][:]
            for row in range(6):
                self.assertTrue(same(values[offsets[row]:offsets[row + 1]].tolist(),
                                     expected(lr[row], 300)))
            self.assertEqual(file["series/step/values"].dtype, numpy.int64)
            self.assertEqual(file["metrics/step"][:].tolist(), [299] * 6)
            self.assertEqual(file["info/status"].asstr()[:].tolist(), ["C"] * 6)
        inline = self.malet("show", out / "log.tsv", "--format", "json")
        self.assertEqual(inline.returncode, 0, inline.stderr)
        lines = (out / "log.tsv").read_text().splitlines()
        names = [a.strip() or b for a, b in zip(lines[4].split("\t"), lines[5].split("\t"))]
        cell = lines[6].split("\t")[names.index("step")]
        self.assertEqual(ast.literal_eval(cell), list(range(300)))

    def test_the_folder_decides_where_series_go(self):
        exp = self.grid()
        self.assertEqual(self.run_series(exp, "--filter", "seed == 1").returncode, 0)
        before = self.snapshot(exp)
        program = f"{sys.executable} {self.program}"
        done = self.sweep(exp, "--command", program, "--series", "tsv")
        self.assert_refused(done, "--series tsv", "log.h5")
        self.assertEqual(self.snapshot(exp), before)
        self.assertEqual(self.sweep(exp, "--command", program).returncode, 0)
        self.check_whole(exp, [exp / "log.h5"], 300)

    def test_equal_rows_are_one_wherever_their_series_are(self):
        exp = self.grid(steps=4)
        self.assertEqual(self.run_series(exp).returncode, 0)
        (exp / "log_splits").mkdir()
        done = self.malet("export", exp, "-o", self.folder / "inline.tsv", "--inline")
        self.assertEqual(done.returncode, 0, done.stderr)
        text = (self.folder / "inline.tsv").read_text()
        self.assertIn("[0, 1, 2, 3]", text)
        (exp / "log_splits" / "split_0.tsv").write_text(text)
        done = self.malet("resplit", exp, "-n", "1")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len((exp / "log.tsv").read_text().splitlines()),
                         len(text.splitlines()))
        self.assertEqual([row["step"] for row in self.rows(exp)], [[0, 1, 2, 3]] * 6)

    def test_series_of_unequal_length_stand_side_by_side(self):
        exp = self.grid(steps=7)
        self.assertEqual(self.run_series(exp).returncode, 0)
        out = self.folder / "long.jsonl"
        self.assertEqual(self.malet("export", exp, "-o", out, "--melted").returncode, 0)
        lengths = {(row["metric"], row["total_steps"])
                   for row in map(json.loads, out.read_text().splitlines())}
        self.assertEqual(lengths, {("best", 1), ("curve", 3), ("loss", 7), ("note", 2), ("step", 7)}
                         - {("note", 2)})

    def test_exports_that_cannot_be_put_there_are_refused(self):
        exp = self.experiment("grid:\n  seed: [1, 2]\n")
        self.assertEqual(self.sweep(exp, "--command", "true").returncode, 0)
        for name in ("folder.h5", "folder.csv", "folder.tsv"):
            (self.folder / name).mkdir()
            self.assert_refused(self.malet("export", exp, "-o", self.folder / name),
                                f"{name}: is a folder")
            self.assert_refused(self.malet("export", exp, "-o", exp / "log.tsv" / name),
                                f"{name}:", "Not a directory")
        log = exp / "log.tsv"
        log.write_text(re.sub(r"\b[0-9a-f]{40}\b", "", log.read_text()))
        self.assertEqual(self.malet("export", exp, "-o", self.folder / "new" / "x.h5").returncode, 0)
        with h5py.File(self.folder / "new" / "x.h5") as file:
            self.assertEqual(file["info/commit_hash"].asstr()[:].tolist(), ["", ""])
            self.assertEqual(file["info/status"].asstr()[:].tolist(), ["C", "C"])


if __name__ == "__main__":
    unittest.main()
