"""Compares the header emitter with PyYAML on random maps, and has every header read back.

usage: pyyaml_dump.py YAML_DUMP_PROGRAM [COUNT [SEED]]

Leaves with 1 and prints the first difference, with 77 (skipped) where PyYAML is missing.
"""

import itertools
import random
import subprocess
import sys

try:
    import yaml
except ImportError:
    sys.exit(77)

WORDS = (
    "a b lr model ResNet32 yes No on OFF y n true False NULL null ~ nan .nan .inf -.inf .INF 1 0 -1 +1 010 0x1F 0o7 "
    "0b101 0x_ 0b_ -0x_ 0x 0b 1_000 _1 1:30 1:30:59 1:60 1:30.5 190:20:30 12e03 1e5 1.0e+5 1.e+5 .5 -.5 +.5 5. . .. "
    "... --- ---x - -- ? : :: :x ?x -x x: x:y x# # #x , [ ] { } & * ! | > ' \" % @ ` = << < <= 2020-01-01 2020-1-1 "
    "2020-01-01T00:00:00Z 2020-1-1T1:02:03.5+1 2020-01-01-x 20200101 ' '' it's \"q\" a'b \\ \\n /data/x http://x:80/y "
    "C:\\x 99999999999999999999 -99999999999999999999 1.5.2 v1.0 0. -0.0 1e-5 é ü日 😀 \u00a0 \u2028 \x85 \ufeff \ud7ff "
    "08 09 0_8 1__0 +0b1 0b2 0xg 1.2e 1.2e+ 1.2E+3 1_0.5 ._5 .5_ -1_0.5 ~x null_ Nulls !x !!str &a *b"
).split(" ")
BREAKS = [" ", "  ", "\n", "\n\n", " \n", "\n ", "\t", "\r", "\x00", "\x07", "\x1b", "\x7f", ": ", " #", ", ", "- "]

# What quoted scalars fold or escape: every text of up to three of these.
EDGES = ["a", " ", "\n", "\t", "'", "\r", "\xa0", "\x85", "\u2028", "\ufeff", "\\", '"', ":", "#"]


def text(rng):
    kind = rng.random()
    if kind < 0.35:
        return rng.choice(WORDS)
    if kind < 0.5:  # long, with single blanks: folded
        return " ".join(rng.choice(WORDS) for _ in range(rng.randrange(2, 60)))
    if kind < 0.6:  # long without blanks
        return "".join(rng.choice("abcé\n\"'x ") for _ in range(rng.randrange(1, 300)))
    if kind < 0.7:
        return "x" * rng.choice([76, 77, 78, 79, 80, 81, 118, 121, 122, 123, 124, 127, 128, 129, 200])
    if kind < 0.75:
        return "".join(rng.choice("0123456789_.:-+eExTZ ") for _ in range(rng.randrange(1, 20)))
    parts = []
    for _ in range(rng.randrange(0, 30)):
        parts.append(rng.choice(WORDS))
        parts.append(rng.choice(BREAKS) if rng.random() < 0.3 else rng.choice(["", " "]))
    return "".join(parts)


def real(rng):
    kind = rng.random()
    if kind < 0.2:
        return rng.choice([0.0, -0.0, 1.0, 1e16, 1e15, 1e-4, 1e-5, 1e20, float("inf"), float("-inf"), 1e300, 5e-324])
    return rng.choice([rng.random(), rng.gauss(0, 1) * 10.0 ** rng.randrange(-30, 30), float(rng.randrange(10**6))])


def value(rng, depth):
    kind = rng.random()
    if depth > 0 and kind < 0.2:
        return [value(rng, depth - 1) for _ in range(rng.randrange(4))]
    if depth > 0 and kind < 0.4:
        return {text(rng): value(rng, depth - 1) for _ in range(rng.randrange(4))}
    if kind < 0.7:
        return text(rng)
    return rng.choice([None, True, False, rng.randrange(-(2**63), 2**63), rng.randrange(100), real(rng)])


class Dumper(yaml.Dumper):
    def ignore_aliases(self, data):  # equal values are not one object to us
        return True


def main():
    program, count, seed = sys.argv[1], int((sys.argv[2:] or ["3000"])[0]), int((sys.argv[3:] or ["1"])[0])
    rng = random.Random(seed)
    maps = [{"key": word} for word in WORDS] + [{word: "value"} for word in WORDS]
    edges = ["".join(t) for n in (1, 2, 3) for t in itertools.product(EDGES, repeat=n)]
    maps += [{"key": edge, edge: ["", edge]} for edge in edges]
    maps += [{text(rng): value(rng, 4) for _ in range(rng.randrange(5))} for _ in range(count)]
    lines = "".join(repr(m).replace("\ufeff", "\\ufeff") + "\n" for m in maps)
    done = subprocess.run([program], input=lines.encode(), stdout=subprocess.PIPE)
    if done.returncode != 0:  # the program has said what it could not read back
        return 1
    ours = done.stdout.decode().split("\0\n")[:-1]
    assert len(ours) == len(maps), (len(ours), len(maps))
    for number, (mine, m) in enumerate(zip(ours, maps)):
        theirs = yaml.dump(m, default_flow_style=False, Dumper=Dumper)
        if mine != theirs:
            print(f"map {number} of seed {seed}: {m!r}\n--- PyYAML\n{theirs}\n--- ours\n{mine}\n{theirs!r}\n{mine!r}")
            return 1
    print(f"{len(maps)} maps: the same as PyYAML {yaml.__version__}, and read back")
    return 0


if __name__ == "__main__":
    sys.exit(main())
