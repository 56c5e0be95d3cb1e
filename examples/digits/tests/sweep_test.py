#!/usr/bin/env python3
"""The shipped sweep, run as the README says: as a plug-in in hosts of MPI ranks and as an
executable whose threads call the function.

Usage: sweep_test.py BUILD_FOLDER WORK_FOLDER
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys

SWEEP = pathlib.Path(__file__).resolve().parent.parent / "exp" / "exp_config.yaml"
CONFIGS = 72


def run(*command):
    environment = {
        **os.environ,
        "OMPI_ALLOW_RUN_AS_ROOT": "1",
        "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    }
    result = subprocess.run(
        [str(word) for word in command],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert result.returncode == 0, f"{command} left with {result.returncode}:\n{result.stdout}"
    return result.stdout


def new_experiment(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(SWEEP, folder)
    return folder


def results(program, experiment):
    """Config to accuracy, of every row."""
    shown = json.loads(run(program, "show", experiment, "--format", "json"))
    fields = shown["grid_fields"]
    return {tuple(row[field] for field in fields): row["accuracy"] for row in shown["rows"]}


def main():
    build, work = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    malet_mpi, digits = build / "malet-mpi", build / "digits"
    by_ranks = new_experiment(work / "ranks")
    command = [malet_mpi, by_ranks, "--plugin", build / "libdigits.so"]
    mpirun = ["mpirun", "-q", "-n", "3", "--oversubscribe"]

    run(*mpirun, *command)
    accuracy = results(malet_mpi, by_ranks)
    assert len(accuracy) == CONFIGS, f"{len(accuracy)} rows"
    best = max(accuracy.values())
    print(f"best accuracy on held-out digits: {best:.4f}")
    assert best >= 0.96

    before = (by_ranks / "log.tsv").read_bytes()
    run(*mpirun, *command)
    assert (by_ranks / "log.tsv").read_bytes() == before, "a second run changed the log"

    by_threads = new_experiment(work / "threads")
    run(digits, by_threads, "-j", "2", "--isolation", "none")
    assert results(digits, by_threads) == accuracy, "ranks and threads differ"


if __name__ == "__main__":
    main()
