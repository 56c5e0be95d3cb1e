#!/usr/bin/env python3
"""Measures this project beside its peers and prints one line per figure.

bench/run.py [BUILD_FOLDER] [NAME...]
    names: dispatch makespan metg metg_hosted commands marginal log journal reshape series grid
        idle walltime

Each figure is the median of five rounds in which ours and the peers' programs take turns, since
machines are noisy. A peer that is not installed is left out, and said so. Needs a build with
-DMALET_BUILD_BENCH=ON; `bench/run.sh` makes one.
"""
import os
import shutil
import subprocess
import sys
import tempfile

from hosted import HostedRows
from measure import Bench, HERE, PYTHON, ROUNDS, has, line, measure, median, rate, rounds, search


class DispatchRows(Bench):
    def dispatch(self):
        """performance row 1; 3 ranks on fewer cores are oversubscribed."""
        runs = 1_000_000
        commands = {
            "ours": self.ranks(self.program("noop_sweep"), self.folder + "/noop", str(runs)),
            "raw": self.ranks(self.program("raw_loop"), str(runs)),
        }
        if has("mpi4py"):
            commands["futures 1"] = self.futures("20000", "1")
            commands["futures 64"] = self.futures("500000", "64")
        results = rounds(commands)
        ours = median(results["ours"], rate)
        line("1 M no-op runs, 3 ranks, log written", f"{ours / 1e3:.0f} k/s", "-", "-",
             ">= 400 k/s", ours >= 400e3)
        for name, factor in (("futures 1", 75), ("futures 64", 1.1), ("raw", 0.5)):
            if name not in results:
                print(f"  (no peer {name}: python3-mpi4py is not installed)")
                continue
            peer = median(results[name], rate)
            line(f"  beside {name}", f"{ours / 1e3:.0f} k/s", f"{peer / 1e3:.1f} k/s",
                 f"{ours / peer:.2f}x", f">= {factor}x", ours / peer >= factor)
        cpu = median(results["ours"], lambda result: result["rank0_cpu"])
        memory = median(results["ours"], lambda result: result["rank0_mib"])
        print(f"  rank 0: {cpu:.2f} CPU seconds, {memory:.0f} MiB peak")

    def metg(self):
        """performance row 3, in-process: the task length at which half the time is work."""
        ours = search(lambda length, runs: measure(self.ranks(
            self.program("noop_sweep"), self.folder + "/metg", str(runs), f"{length:.3f}"))["seconds"],
            0.1, 100)
        peer = "-"
        if has("mpi4py"):
            found = search(lambda length, runs: measure(
                self.futures(str(runs), "1", f"{length:.3f}"))["seconds"], 10, 10_000)
            peer = f"{found:.0f} us (futures)"
        line("METG(50 %), in-process, 2 workers", f"{ours:.1f} us", peer, "-", "<= 5 us", ours <= 5)

    def marginal(self):
        """performance row 6: the cost of one more run, whole sweep and log."""
        sizes = (1_000, 4_000, 100_000)
        commands = {size: self.ranks(self.program("noop_sweep"), f"{self.folder}/m{size}", str(size))
                    for size in sizes}
        results = rounds(commands)
        seconds = {size: median(results[size], lambda result: result["seconds"]) for size in sizes}
        small = (seconds[4_000] - seconds[1_000]) / 3_000
        large = (seconds[100_000] - seconds[4_000]) / 96_000
        line("marginal cost of a run, 1 k to 4 k", f"{small * 1e6:.2f} us", "47 ms (Python Malet)",
             f"{47e-3 / max(small, 1e-9):.0f}x", ">= 10000x", 47e-3 / max(small, 1e-9) >= 10_000)
        line("  4 k to 100 k against 1 k to 4 k", f"{large * 1e6:.2f} us", f"{small * 1e6:.2f} us",
             f"{large / max(small, 1e-9):.2f}", "<= 1.1", large <= 1.1 * small)

    def log(self):
        """performance row 7: a finished log is opened and nothing is left to run."""
        program = self.program("open_log")
        small, large = self.folder + "/log100k", self.folder + "/log1m"
        subprocess.run([program, "make", small, "100000"], check=True)
        subprocess.run([program, "make", large, "1000000"], check=True)
        commands = {"parse": [program, "parse", small], "resume": [program, "resume", large],
                    "parse 1m": [program, "parse", large]}
        if has("pandas"):
            commands["pandas"] = [PYTHON, os.path.join(HERE, "peers", "pandas_read.py"),
                                  small + "/log.tsv"]
        results = rounds(commands)
        size = results["parse"][0]["bytes"] / 1e6
        ours = size / median(results["parse"], lambda result: result["seconds"])
        if "pandas" in results:
            peer = size / median(results["pandas"], lambda result: result["seconds"])
            line(f"open a log of 100 k rows ({size:.0f} MB)", f"{ours:.0f} MB/s",
                 f"{peer:.0f} MB/s (pandas)", f"{ours / peer:.1f}x", ">= 5x", ours >= 5 * peer)
        else:
            print("  (no peer pandas: python3-pandas is not installed)")
        resume = median(results["resume"], lambda result: result["seconds"])
        line("resume 1 M complete rows", f"{resume:.2f} s", "-", "-", "<= 1 s", resume <= 1)
        text = results["parse 1m"][0]["bytes"] / 2**20
        for name, key in (("parsed", "parse 1m"), ("resumed", "resume")):
            memory = median(results[key], lambda result: result["peak_mib"])
            line(f"  peak memory, {name}", f"{memory:.0f} MiB", f"{text:.0f} MiB (text)",
                 f"{memory / text:.2f}", "<= 1.5", memory <= 1.5 * text)

    def journal(self):
        """performance row 8: 20 k rows, a write each, beside the same bytes by plain writes."""
        program, folder = self.program("journal"), self.folder + "/journal"
        for mode in ("never", "timer", "always"):
            results = rounds({who: [program, folder, who, mode, "20000"]
                              for who in ("ours", "raw")})
            ours, raw = (median(results[who], lambda result: result["seconds"])
                         for who in ("ours", "raw"))
            line(f"journal of 20 k rows, --sync {mode}", f"{ours / 20e3 * 1e6:.2f} us/row",
                 f"{raw / 20e3 * 1e6:.2f} us/row (raw)", f"{ours / raw:.2f}x", "<= 1.2x",
                 ours <= 1.2 * raw)

    def reshape(self):
        """many logs as one, and a log in long form."""
        program, logs, out = self.program("reshape_log"), self.folder + "/splits", self.folder + "/out.tsv"
        subprocess.run([program, "make", logs, "100", "10000"], check=True)
        results = rounds({"merge": [program, "merge", logs, out], "melt": [program, "melt", "1000000"]})
        for name, key, target in (("merge 100 logs of 10 k rows", "merge", 3),
                                  ("melt series of 1 M values", "melt", 0.5)):
            seconds = median(results[key], lambda result: result["seconds"])
            memory = median(results[key], lambda result: result["peak_mib"])
            line(name, f"{seconds:.2f} s", "-", "-", f"<= {target} s", seconds <= target)
            print(f"  {memory:.0f} MiB peak")
        self.resplit()

    def resplit(self):
        """memory beside the text of the logs."""
        program, folder = self.program("reshape_log"), self.folder + "/resplit"
        subprocess.run([program, "experiment", folder, "420000"], check=True)
        text = os.path.getsize(folder + "/log.tsv") / 2**20
        results = rounds({"resplit": [program, "resplit", folder, "4"]})["resplit"]
        peak = median(results, lambda result: result["peak_mib"])
        line(f"resplit a log of {text:.0f} MiB, memory", f"{peak:.0f} MiB", f"{text:.0f} MiB (text)",
             f"{peak / text:.2f}x", "<= 2x", peak <= 2 * text)
        print(f"  {median(results, lambda result: result['seconds']):.2f} s")

    def series(self):
        """performance row 11: 10 M doubles, one step at a time, through the journal into HDF5; of
        raw HDF5 one by one a tenth."""
        program, folder = self.program("series"), self.folder + "/series"
        results = rounds({who: [program, folder, who, str(count), "10000"]
                          for who, count in (("ours", 1000), ("one", 100), ("block", 1000))})
        speed = {who: median(found, lambda result: result["values"] / result["seconds"])
                 for who, found in results.items()}
        for who, name, target in (("one", "one by one", 10), ("block", "4,096 at a time", 0.4)):
            ratio = speed["ours"] / speed[who]
            line("1,000 series of 10 k doubles", f"{speed['ours'] / 1e6:.2f} M/s",
                 f"{speed[who] / 1e6:.2f} M/s (raw, {name})", f"{ratio:.2f}x", f">= {target}x",
                 ratio >= target)

    def grid(self):
        """performance row 10."""
        for exponent in (6, 12):
            result = [measure([self.program("decode_grid"), str(exponent)]) for _ in range(ROUNDS)]
            opened = median(result, lambda found: found["open_ms"])
            decoded = median(result, lambda found: found["decode_ns"])
            memory = median(result, lambda found: found["peak_mib"])
            line(f"10^{exponent} configs: open, YAML included", f"{opened:.2f} ms",
                 "530 ms (Malet, 10^6)", "-", "<= 1 ms", opened <= 1)
            line("  decode one", f"{decoded:.0f} ns", "530 ns (Malet)", f"{530 / decoded:.1f}x",
                 "<= 100 ns", decoded <= 100)
            print(f"  {memory:.0f} MiB peak")


class SimulatedRows(Bench):
    def walltime(self):
        """performance row 12: what the end of a job costs, simulated. Nothing is left to chance, so
        once is enough."""
        for sigma in (0.5, 1.0):
            for workers in (1, 4, 16, 64):
                found = measure([self.program("walltime"), str(sigma), str(workers)])
                ours, peer = found["gate_wall"], found["oracle_wall"]
                line(f"60 s, runs of 5 s (sigma {sigma}), {workers} workers", f"{ours:.1f} s wasted",
                     f"{peer:.1f} s (oracle)", f"{ours / peer:.3f}x", "<= 1.25x",
                     ours <= 1.25 * peer)
                print(f"  no look ahead: {found['always_wall']:.1f} s wasted; runs cut: "
                      f"{found['gate_cut']:.2f}, no look ahead {found['always_cut']:.2f}, oracle 0\n"
                      f"  wasted if a job that is done gives its nodes back: {found['gate_job']:.1f} s, "
                      f"no look ahead {found['always_job']:.1f} s, oracle {found['oracle_job']:.1f} s")


class Rows(DispatchRows, HostedRows, SimulatedRows):
    pass


ROWS = ["dispatch", "makespan", "metg", "metg_hosted", "commands", "marginal", "log", "journal", "reshape",
        "series", "grid", "idle", "walltime"]


def main():
    names = [name for name in sys.argv[1:] if not os.path.isdir(name)]
    builds = [name for name in sys.argv[1:] if os.path.isdir(name)]
    build = builds[0] if builds else os.path.join(HERE, "..", "build", "release")
    folder = tempfile.mkdtemp(prefix="malet-bench-")
    print(f"{os.cpu_count()} cores; median of {ROUNDS}")
    try:
        for name in names or ROWS:
            getattr(Rows(build, folder), name)()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
