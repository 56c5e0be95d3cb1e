"""Series in HDF5: what a sweep leaves, killed or not, as readers of every kind see it."""
import ast
import json
import math
import os
import pathlib
import re
import signal
import sys
import unittest

import h5py
import numpy
import pandas

from harness import MALET
from hosts import HostTest

# Goes on where earlier attempts ended; NaN and infinities are among the numbers.
TRAIN = """\
import json, math, os, time
config = json.load(open(os.environ["MALET_CONFIG"]))
earlier = os.environ.get("MALET_RESUME")
earlier = json.load(open(earlier)) if earlier else {}
done = earlier.get("step", [])
done = len(done) if isinstance(done, list) else 1
with open(os.environ["MALET_METRICS"], "a") as out:
    if done:
        out.write(json.dumps({k: earlier[k] for k in ("loss", "step")}) + "\\n")
    for i in range(done, config["steps"]):
        loss = math.sin(i * config["lr"]) / 3 if i % 100 else (math.nan, math.inf)[i // 100 % 2]
        out.write(json.dumps({"loss": loss, "step": i}) + "\\n")
        out.flush()
        time.sleep(config["rest"])
    out.write(json.dumps({"final": {"best": 1.5, "curve": [1, 2.5, 3], "note": ["a", None]}}) + "\\n")
"""


def expected(lr, steps):
    return [math.sin(i * lr) / 3 if i % 100 else (math.nan, math.inf)[i // 100 % 2]
            for i in range(steps)]


def same(left, right):
    return len(left) == len(right) and all(
        a == b and type(a) is type(b) or math.isnan(a) and math.isnan(b)
        for a, b in zip(left, right))


class SeriesTest(HostTest):
    def setUp(self):
        super().setUp()
        self.program = self.folder / "train.py"
        self.program.write_text(TRAIN)

    def grid(self, steps=300, rest=0, name="exp"):
        return self.experiment(f"steps: {steps}\nrest: {rest}\ngrid:\n  lr: [0.1, 0.3, 1]\n"
                               "  seed: [1, 2]\n", name)

    def run_series(self, exp, *arguments, **keywords):
        return self.sweep(exp, "--command", f"{sys.executable} {self.program}", "--series", "hdf5",
                          *arguments, **keywords)

    def stored(self, file):
        """(lr, seed, metric) -> values of a log.h5, by h5py and pandas."""
        with h5py.File(file) as log:
            index = pandas.DataFrame(log["index"][:])
            names = log["metric"].asstr()[:]
            fields = {name: log["configs"][name].asstr()[:] for name in log["configs"]}
            found = {}
            for entry in index.itertuples():
                pool = log["integer" if entry.kind else "real"]
                key = (float(fields["lr"][entry.run]), int(fields["seed"][entry.run]),
                       names[entry.metric])
                found.setdefault(key, []).extend(pool[entry.offset:entry.offset + entry.length].tolist())
        return found

    def check_whole(self, exp, files, steps):
        stored = {}
        for file in files:
            stored.update(self.stored(file))
        for lr in (0.1, 0.3, 1.0):
            for seed in (1, 2):
                self.assertTrue(same(stored[lr, seed, "loss"], expected(lr, steps)))
                self.assertTrue(same(stored[lr, seed, "step"], list(range(steps))))
                self.assertEqual(stored[lr, seed, "curve"], [1, 2.5, 3])
        self.assertEqual(len(stored), 18)
        rows = self.rows(exp)
        self.assertEqual(len(rows), 6)
        for row in rows:
            self.assertEqual(row["status"], "C")
            self.assertEqual(row["step"], list(range(steps)))
            self.assertEqual(row["curve"], [1, 2.5, 3])
            self.assertEqual(row["note"], ["a", None])
            self.assertEqual(row["best"], 1.5)

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
        exp = self.grid(rest=0.005)
        done = self.run_series(exp, "--timeout", "4", "--grace", "0.5", "--gate", "off")
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
