"""Figures of runs that have processes of their own, and of ranks that wait for them."""
import shutil
import subprocess

from measure import ENVIRONMENT, Bench, line, measure, median, rate, rounds, search


class HostedRows(Bench):
    def hosted(self, name, runs, kind, microseconds=0, ballast=0, slots=2):
        return [self.program("hosted_sweep"), f"{self.folder}/{name}", str(runs), kind,
                f"{microseconds:.3f}", str(ballast), str(slots)]

    def makespan(self):
        """performance row 2: two busy workers against the arithmetic ideal."""
        targets = {100: 0.95, 1_000: 0.97, 10_000: 0.97, 100_000: 0.97}
        for microseconds, target in targets.items():
            runs = max(20, int(2e6 / microseconds))
            ideal = runs * microseconds * 1e-6 / 2
            results = rounds({
                "in-process": self.ranks(self.program("noop_sweep"), self.folder + "/makespan",
                                         str(runs), str(microseconds)),
                "hosts": self.hosted("makespan", runs, "function", microseconds)})
            for name, found in results.items():
                efficiency = ideal / median(found, lambda result: result["seconds"])
                line(f"{microseconds / 1e3:g} ms tasks, two workers, {name}", f"{efficiency:.3f}",
                     "1 (ideal)", "-", f">= {target}", efficiency >= target)

    def metg_hosted(self):
        """performance row 3, isolated host."""
        ours = search(lambda length, runs: measure(
            self.hosted("metg", runs, "function", length))["seconds"], 5, 1_000)
        line("METG(50 %), isolated hosts, 2 slots", f"{ours:.1f} us", "-", "-", "<= 60 us", ours <= 60)

    def commands(self):
        """performance rows 4 and 5: /bin/true as a command, row and exit code logged."""
        runs = 4_000
        peer = [self.program("spawn_peer")]
        commands = {"ours": self.hosted("true", runs, "command"),
                    "ours, 1 GiB": self.hosted("true1g", runs, "command", 0, 1024),
                    "bare": [*peer, "bare", str(runs)],
                    "xargs": [*peer, "xargs", str(runs)]}
        if shutil.which("parallel"):
            # Fewer: rates are compared, and it starts a few dozen to a hundred a second.
            commands["parallel"] = [*peer, "parallel", str(runs // 10)]
        results = rounds(commands)
        ours = median(results["ours"], rate)
        for name, target in (("bare", 0.9), ("xargs", 1.3), ("parallel", 5)):
            if name not in results:
                print(f"  (no peer {name}: it is not installed)")
                continue
            other = median(results[name], rate)
            line(f"{runs} x /bin/true, 2 slots", f"{ours:.0f}/s", f"{other:.0f}/s ({name})",
                 f"{ours / other:.2f}x", f">= {target}x", ours / other >= target)
        ballast = median(results["ours, 1 GiB"], rate)
        line("  with 1 GiB resident", f"{ballast:.0f}/s", f"{ours:.0f}/s (without)",
             f"{ballast / ours:.2f}x", ">= 0.9x", ballast >= 0.9 * ours)

    def idle(self):
        """performance row 13: three ranks, one run of 10 s; what starting MPI costs is left out."""
        short, long = self.cpu_of_ranks(1), self.cpu_of_ranks(11)
        for rank, seconds in sorted(long.items()):
            share = 100 * (seconds - short[rank]) / 10
            line(f"rank {rank} while one run of 10 s goes on", f"{share:.2f} %", "-", "-", "< 1 %",
                 share < 1)

    def cpu_of_ranks(self, seconds):
        command = self.ranks(self.program("hosted_sweep"), self.folder + "/idle", "1", "sleep",
                             str(seconds))
        done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=60,
                              check=True)
        ranks = [text.split() for text in done.stdout.split("\n") if text.startswith("rank ")]
        return {rank: float(used) for _, rank, used in ranks}
