"""Kills `merge` of a log into itself right before each of its changes of the folder, and lets each
rename find the disk full: what a killed job left in log, journal and series is read as before."""
import os
import pathlib
import shutil
import signal
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "e2e")]
from harness import BUILD, MALET, FolderTest  # noqa: E402

# Reports for ever, but where told to end; from the second attempt on `early` is no metric any more.
TRAIN = """\
import json, os, pathlib, time
config = json.load(open(os.environ["MALET_CONFIG"]))
mark = pathlib.Path(config["marks"]) / str(config["seed"])
again = mark.exists()
mark.touch()
ends = config["seed"] == 1 or again and config["seed"] == 2
with open(os.environ["MALET_METRICS"], "a") as out:
    for i in range(50 if ends else 1000000):
        step = {"loss": 1 / (i + 1), "step": i}
        out.write(json.dumps(step if again else dict(step, early=i / 8)) + "\\n")
        out.flush()
        time.sleep(0.002)
"""


class MergeKillTest(FolderTest):
    def setUp(self):
        super().setUp()
        program = self.folder / "train.py"
        program.write_text(TRAIN)
        marks = self.folder / "marks"
        marks.mkdir()
        self.exp = self.experiment(f"marks: {marks}\ngrid:\n  lr: [0.5]\n  seed: [1, 2, 3]\n")
        self.command = (f"{sys.executable} {program}", "--series", "hdf5", "-j", "3", "--quiet")
        segments = self.exp / "log.h5.d"
        self.killed_job(lambda: segments.exists() and len(list(segments.iterdir())) > 1)
        journal = self.exp / "log.tsv.journal"
        self.killed_job(lambda: journal.exists() and b" row\t" in journal.read_bytes()
                        and journal.read_bytes().count(b" series\t") > 3)
        self.wanted = self.content(self.copy("wanted"))
        self.assertEqual({seed: row[0] for seed, row in self.wanted.items()},
                         {1: "C", 2: "C", 3: "F"})
        self.assertEqual(len(self.wanted[1][3]), 50)
        self.assertIsNone(self.wanted[2][3])
        for _, loss, step, _ in self.wanted.values():
            self.assertEqual(loss, [1 / (i + 1) for i in step])
            self.assertEqual(step, list(range(len(loss))))

    def killed_job(self, is_due):
        job = self.start(MALET, self.exp, "--command", *self.command)
        self.wait_for(is_due, seconds=120)
        os.killpg(job.pid, signal.SIGKILL)
        job.communicate()

    def copy(self, name, source=None):
        path = self.folder / name
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(source or self.exp, path)
        return path

    def content(self, exp):
        """What the log says of each seed; the learning rate may have got another name."""
        document = self.json("show", exp / "log.tsv", "--format", "json")
        self.assertEqual(len(document["rows"]), 3)
        return {row["seed"]: (row["status"], row["loss"], row["step"], row.get("early"))
                for row in document["rows"]}

    def merge(self, exp, *flags, **variables):
        environment = dict(LD_PRELOAD=str(BUILD / "libmalet_kill_shim.so"),
                           MALET_CHAOS_FOLDER=str(exp), **variables)
        job = self.start(MALET, "merge", exp, "-o", exp / "log.tsv", *flags, **environment)
        return job.communicate(timeout=300)[0], job.returncode

    def check_end(self, exp):
        self.assertEqual(self.content(exp), self.wanted)
        left = sorted(path.name for path in exp.iterdir() if path.name.startswith("log"))
        self.assertEqual([name for name in left if "attempts" not in name], ["log.tsv"])

    def go_through(self, *flags):
        """Kills at every change; gives how many there were."""
        change = 1
        while True:
            exp = self.copy("killed")
            output, code = self.merge(exp, *flags, MALET_CHAOS_KILL_AT=str(change))
            self.assertIn(code, (0, -signal.SIGKILL), output)
            self.assertEqual(self.content(exp), self.wanted, f"killed at change {change}")
            if code == 0:
                self.check_end(exp)
                return change
            if not flags and change % 8 == 0:
                again = self.malet("merge", exp, "-o", exp / "log.tsv")
                self.assertEqual(again.returncode, 0, again.stderr)
                self.assertEqual(self.content(exp), self.wanted)
            change += 1

    def test_a_killed_merge_loses_no_step(self):
        self.assertGreater(self.go_through(), 20)

    def test_nor_does_one_whose_result_has_other_fields_than_journal_and_series(self):
        self.assertGreater(self.go_through("--rename", "self:lr=rate"), 20)

    def test_a_full_disk_loses_no_step(self):
        for rename in range(1, 100):
            exp = self.copy("full")
            output, code = self.merge(exp, MALET_CHAOS_FULL_AT=str(rename))
            self.assertEqual(self.content(exp), self.wanted, f"full at rename {rename}")
            if code == 0:
                break
            self.assertIn("No space left", output)
        self.assertGreater(rename, 4)
        self.check_end(exp)


if __name__ == "__main__":
    unittest.main(verbosity=2)
