"""No-op (or busy) tasks over mpi4py.futures.

mpirun -n RANKS python3 -m mpi4py.futures futures_noop.py RUNS CHUNKSIZE [MICROSECONDS]
"""
import json
import sys
import time

from mpi4py.futures import MPIPoolExecutor


def run(seed, microseconds=0.0):
    if microseconds > 0:
        end = time.perf_counter() + microseconds * 1e-6
        while time.perf_counter() < end:
            pass
    return {"loss": 0.5 * seed}


def busy(seed):
    return run(seed, float(sys.argv[3]))


if __name__ == "__main__":
    runs, chunksize = int(sys.argv[1]), int(sys.argv[2])
    task = busy if len(sys.argv) > 3 else run
    with MPIPoolExecutor() as pool:
        list(pool.map(task, range(8)))  # the pool's start is not counted
        begin = time.perf_counter()
        results = list(pool.map(task, range(runs), chunksize=chunksize))
        seconds = time.perf_counter() - begin
    print(json.dumps({"runs": len(results), "seconds": seconds}))
