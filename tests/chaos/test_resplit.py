"""Kills `resplit` right before each of its changes of the folder, and what finishes it likewise:
the next command on the folder sees every row and every attempt."""
import json
import pathlib
import shutil
import signal
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "e2e"), str(HERE.parent / "audit")]
from audit import read_attempts  # noqa: E402
from harness import BUILD, MALET, FolderTest  # noqa: E402

LOG = """[Static Configs]
model: small
---------------------------------------------
  \t  \t    \tdatetime\tduration\tcommit_hash\tstatus\tloss
id\tlr\tseed\t        \t        \t           \t      \t    
"""
ROW = "{}\t{}\t{}\t2026-01-02 03:04:05.{:06}\t0 days 00:01:00.000005\t\t{}\t{}\n"
CONFIG = "model: small\ngrid:\n  lr: [0.5, 0.25]\n  seed: [i;0:1:6]\n"


def log_text(rows):
    return LOG + "".join(ROW.format(i, lr, seed, seed, status, loss)
                         for i, (lr, seed, status, loss) in enumerate(rows))


def attempt(lr, seed, number, reason):
    config = {"model": "small", "lr": lr, "seed": seed}
    return json.dumps({"run_id": f"{seed:016x}", "attempt": number, "config": config,
                       "reason": reason}) + "\n"


class ResplitKillTest(FolderTest):
    def setUp(self):
        super().setUp()
        self.exp = self.experiment(CONFIG)
        (self.exp / "log.tsv").write_text(log_text(
            [(0.5, 0, "C", 1), (0.5, 1, "F", 2), (0.25, 5, "R", 3)]))
        (self.exp / "log.tsv.attempts.jsonl").write_text(
            attempt(0.5, 0, 1, "ok") + attempt(0.5, 1, 1, "crash"))
        splits = self.exp / "log_splits"
        splits.mkdir()
        (splits / "split_0.tsv").write_text(log_text([(0.5, 2, "C", 4), (0.5, 1, "C", 5)]))
        (splits / "split_1.tsv").write_text(log_text([(0.25, 3, "C", 6), (0.25, 9, "C", 7)]))
        (splits / "split_1.tsv.attempts.jsonl").write_text(attempt(0.25, 3, 1, "ok"))
        (splits / "notes.txt").write_text("mine")
        self.wanted = self.content(self.copy("wanted"), finish=False)

    def copy(self, name, source=None):
        path = self.folder / name
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(source or self.exp, path)
        return path

    def content(self, exp, finish=True):
        """What the folder says: of every config its best row, and all attempts."""
        rows = {}
        order = {"C": 2, "F": 1}
        for row in self.rows(exp):
            key = (row["lr"], row["seed"])
            if key not in rows or order[row["status"]] >= order[rows[key][0]]:
                rows[key] = (row["status"], row["loss"])
        if finish:
            self.assertFalse((exp / "resplit.intent").exists())
        attempts = sorted(json.dumps(line) for log in exp.rglob("*.attempts.jsonl")
                          if log.parent.name != "log_splits.new"
                          for line in read_attempts(log) if line["reason"] != "host_lost")
        self.assertIn(b"mine", [path.read_bytes() for path in exp.rglob("notes.txt")])
        return rows, attempts

    def killed_at(self, change, exp, *command):
        """Whether the command was killed before its change of that number; else it has ended."""
        environment = dict(LD_PRELOAD=str(BUILD / "libmalet_kill_shim.so"),
                           MALET_CHAOS_FOLDER=str(exp), MALET_CHAOS_KILL_AT=str(change))
        job = self.start(MALET, *command, **environment)
        output = job.communicate(timeout=60)[0]
        self.assertIn(job.returncode, (0, -signal.SIGKILL), output)
        return job.returncode != 0

    def go_through(self, splits, source=None):
        """Kills at every change; gives a folder whose resplit was killed when it counted already."""
        committed = None
        change = 1
        while True:
            exp = self.copy("killed", source)
            killed = self.killed_at(change, exp, "resplit", exp, "-n", str(splits))
            if killed and (exp / "resplit.intent").exists():
                committed = self.copy("committed", exp)
            if killed and change % 5 == 0:  # or the command itself goes on
                again = self.malet("resplit", exp, "-n", str(splits), "--no-backup")
                self.assertEqual(again.returncode, 0, again.stderr)
            self.assertEqual(self.content(exp), self.wanted, f"killed at change {change}")
            if change % 8 == 0 or not killed:
                again = self.malet("resplit", exp, "-n", str(splits), "--no-backup")
                self.assertEqual(again.returncode, 0, again.stderr)
                self.assertEqual(self.content(exp), self.wanted)
                left = [path.name for path in exp.rglob("*")
                        if ".tmp." in path.name or path.name.endswith((".new", ".writer"))]
                self.assertEqual(left, [])
            if not killed:
                return change, committed
            change += 1

    def test_nothing_is_lost_when_logs_are_split_and_what_finishes_it_is_killed_too(self):
        changes, committed = self.go_through(3)
        self.assertGreater(changes, 30)
        self.assertIsNotNone(committed)
        logs = sorted(path.name for path in self.folder.glob("killed/log*/*.tsv"))
        self.assertEqual(logs, ["split_0.tsv", "split_1.tsv", "split_2.tsv"])
        finished = False
        change = 1
        while not finished:
            exp = self.copy("finishing", committed)
            finished = not self.killed_at(change, exp, "status", exp)
            self.assertEqual(self.content(exp), self.wanted, f"killed at change {change}")
            self.assertEqual(len(list(exp.glob("log_splits/*.tsv"))), 3)
            change += 1
        self.assertGreater(change, 5)

    def test_no_series_is_lost(self):
        exp = self.experiment("steps: 4\ngrid:\n  lr: [0.5]\n  seed: [1, 2, 3, 4]\n", "series")
        done = self.probe(exp, "--series", "hdf5")
        self.assertEqual(done.returncode, 0, done.stderr)
        (exp / "notes.txt").write_text("mine")
        self.assertTrue((exp / "log.h5").exists())
        self.wanted = self.content(exp)
        self.assertEqual(self.wanted[0][(0.5, 1)], ("C", [1, 1 / 2, 1 / 3, 1 / 4]))
        self.go_through(2, exp)
        self.assertEqual(len(list(self.folder.glob("killed/log_splits/*.h5"))), 2)
        self.go_through(1, self.copy("split", self.folder / "killed"))

    def test_nothing_is_lost_when_logs_are_joined(self):
        changes, committed = self.go_through(1)
        self.assertGreater(changes, 20)
        self.assertIsNotNone(committed)
        self.assertEqual(list(self.folder.glob("killed/log*/*.tsv")), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
