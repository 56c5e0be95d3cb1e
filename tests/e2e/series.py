"""What the tests of series in HDF5 share: a command that reports series, and readers of what is stored."""
import math
import sys

import h5py
import pandas

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
