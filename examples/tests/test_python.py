#!/usr/bin/env python3
"""The Python example: by its folder's name, and stopped in the middle and started again."""

import importlib.util
import json
import signal
import sys
import time

from example import Example, skip

STOPPED = 75


def main():
    if importlib.util.find_spec("numpy") is None:
        skip("numpy is not there (Debian: python3-numpy)")
    example = Example("python")
    whole = example.new_experiment("whole")
    command = [example.malet_mpi, "--interpreter", sys.executable]
    example.run(*command, whole)
    rows = example.rows(whole)
    assert len(rows) == 12, f"{len(rows)} rows"
    best = max(row["accuracy"] for row in rows.values())
    print(f"best accuracy on held-out digits: {best:.4f}")
    assert best >= 0.94

    # The weights of the first sweep would let a resumed run begin with trained ones.
    (example.work / "build").rename(example.work / "first")
    stopped = example.new_experiment("stopped")
    job = example.start(*command, stopped)
    weights = example.work / "build" / "checkpoints"
    while job.poll() is None and not list(weights.glob("*.npz")):
        time.sleep(0.01)
    job.send_signal(signal.SIGINT)
    output, _ = job.communicate()
    assert job.returncode == STOPPED, f"left with {job.returncode}:\n{output}"
    example.run(*command, stopped)
    assert example.rows(stopped) == rows, "what was stopped and went on ended otherwise"
    lines = (stopped / "log.tsv.attempts.jsonl").read_text().splitlines()
    ends = [(end["attempt"], end["reason"]) for end in map(json.loads, lines)]
    assert (1, "cancelled") in ends and (2, "ok") in ends, ends


if __name__ == "__main__":
    main()
