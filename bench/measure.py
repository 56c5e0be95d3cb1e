"""What the figures of bench/run.py have in common: rounds, medians, peers and the lines they print."""
import json
import os
import statistics
import subprocess
import sys

ROUNDS = 5
HERE = os.path.dirname(os.path.abspath(__file__))
ENVIRONMENT = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
PYTHON = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable


def measure(command):
    """The JSON line that a program prints."""
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} left with {done.returncode}:\n{done.stderr}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def rounds(commands, count=ROUNDS):
    """Runs the named commands in turn; gives the list of results per name."""
    results = {name: [] for name in commands}
    for _ in range(count):
        for name, command in commands.items():
            results[name].append(measure(command))
    return results


def median(results, key):
    return statistics.median(key(result) for result in results)


def rate(result):
    return result["runs"] / result["seconds"]


def has(module):
    return subprocess.run([PYTHON, "-c", f"import {module}"], capture_output=True).returncode == 0


def line(name, ours, peer, ratio, target, met):
    print(f"{name:<44} {ours:>16} {peer:>26} {ratio:>9}  {target:<14} "
          f"{'met' if met else 'MISSED'}", flush=True)


class Bench:
    def __init__(self, build, folder):
        self.build = build
        self.folder = folder

    def program(self, name):
        return os.path.join(self.build, "bench_" + name)

    def ranks(self, *command, ranks=3):
        return ["mpirun", "-q", "--oversubscribe", "-n", str(ranks), *command]

    def futures(self, *arguments):
        script = os.path.join(HERE, "peers", "futures_noop.py")
        return self.ranks(PYTHON, "-m", "mpi4py.futures", script, *arguments)


def search(seconds_of, low, high):
    """The task length in microseconds at which two workers spend half their time on work."""
    for _ in range(7):
        middle = (low * high) ** 0.5
        runs = int(min(max(0.4e6 / middle, 400), 200_000))
        seconds = statistics.median(seconds_of(middle, runs) for _ in range(3))
        if middle * 1e-6 * runs / 2 / seconds >= 0.5:
            high = middle
        else:
            low = middle
    return high
