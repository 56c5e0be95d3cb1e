"""Checks an experiment folder as a hostile reader would, knowing nothing of the program but its
files: every config once, its values right, every attempt accounted for.

    python3 audit.py EXP [--expect N] [--finished]

Prints what is wrong, one finding a line, and leaves with 1 if there is any. Values are those of the
probe function (tests/e2e/probe.cpp): result = lr * seed, loss = [1, 1/2, 1/3, ...].
"""
import argparse
import collections
import json
import math
import pathlib
import sys

RULE = "-" * 45


def read_log(path):
    """The rows of a log.tsv as dictionaries of texts; cells hold no tab here."""
    lines = path.read_text().split("\n")
    if lines[0] != "[Static Configs]" or lines[-1] != "":
        raise ValueError(f"{path}: is cut off")
    head = lines.index(RULE) + 1
    names = [above.strip() or below
             for above, below in zip(lines[head].split("\t"), lines[head + 1].split("\t"))]
    return [dict(zip(names, line.split("\t"))) for line in lines[head + 2:-1]]


def read_attempts(path):
    """The whole lines of an attempts file."""
    if not path.exists():
        return []
    lines = path.read_text().split("\n")
    return [json.loads(line) for line in lines[:-1]]


class Audit:
    def __init__(self, exp):
        self.exp = pathlib.Path(exp)
        self.findings = []
        self.rows = []
        self.attempts = []
        for log in [self.exp / "log.tsv", *sorted((self.exp / "log_splits").glob("*.tsv"))]:
            if log.exists():
                self.rows += read_log(log)
            self.take_attempts(log.with_name(log.name + ".attempts.jsonl"))
        # Jobs that share an experiment have files of their own, and one goes on after another.
        self.attempts = [attempt for _, attempt in sorted(self.attempts, key=lambda pair: pair[0])]

    def take_attempts(self, path):
        """With the times by which they stood in their file."""
        at = ""
        for attempt in read_attempts(path):
            at = max(at, attempt["finished"])
            self.attempts.append((at, attempt))

    def say(self, text):
        self.findings.append(text)

    def check_rows(self, expect):
        keys = collections.Counter((row["lr"], row["seed"]) for row in self.rows)
        for key, count in keys.items():
            if count > 1:
                self.say(f"config {key} has {count} rows")
        if expect is not None and len(keys) != expect:
            self.say(f"{len(keys)} configs have rows, {expect} should have")
        for row in self.rows:
            if row["status"] == "C":
                self.check_values(row)

    def check_values(self, row):
        right = float(row["lr"]) * int(row["seed"])
        if not row.get("result") or not math.isclose(float(row["result"]), right):
            self.say(f"seed {row['seed']}: result {row.get('result')!r} instead of {right}")
        if row.get("loss"):
            loss = json.loads(row["loss"])  # the last value where the series is in HDF5
            if isinstance(loss, list) and loss != [1 / (step + 1) for step in range(len(loss))]:
                self.say(f"seed {row['seed']}: the series is {loss[:5]}.. of {len(loss)}")

    def check_finished(self):
        for row in self.rows:
            if row["status"] != "C":
                self.say(f"seed {row['seed']} has status {row['status']}")
        for left in self.exp.rglob("*.tsv.*"):
            if left.name.endswith((".journal", ".writer")) or ".tmp." in left.name:
                self.say(f"{left.name} is left behind")

    def check_attempts(self, isolated=True):
        """Attempts of a config are numbered in turn, and the last one of a complete row was ok.

        Runs inside a rank leave a line only when they are interrupted."""
        by_config = collections.defaultdict(list)
        for attempt in self.attempts:
            by_config[(attempt["config"]["lr"], attempt["config"]["seed"])].append(attempt)
        for key, attempts in by_config.items():
            numbers = [attempt["attempt"] for attempt in attempts]
            if numbers != list(range(1, len(numbers) + 1)):
                self.say(f"config {key}: its attempts are numbered {numbers}")
            if sum(attempt["reason"] == "ok" for attempt in attempts) > 1:
                self.say(f"config {key} was complete and ran again")
        for row in self.rows if isolated else []:
            attempts = by_config.get((float(row["lr"]), int(row["seed"])))
            if row["status"] == "C" and attempts is not None and attempts[-1]["reason"] != "ok":
                self.say(f"seed {row['seed']} is complete, its last attempt {attempts[-1]['reason']}")

    def complete(self):
        """The seeds whose rows are complete."""
        return {int(row["seed"]) for row in self.rows if row["status"] == "C"}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("exp")
    parser.add_argument("--expect", type=int)
    parser.add_argument("--finished", action="store_true")
    options = parser.parse_args()
    audit = Audit(options.exp)
    audit.check_rows(options.expect)
    audit.check_attempts()
    if options.finished:
        audit.check_finished()
    print("\n".join(audit.findings))
    return 1 if audit.findings else 0


if __name__ == "__main__":
    sys.exit(main())
