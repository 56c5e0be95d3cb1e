#!/usr/bin/env python3
"""The fashion_mnist example on a few of its pictures: as a plug-in and as its own executable."""

import os
import pathlib

from example import MPIRUN, Example, skip

DATA = pathlib.Path(os.environ.get("MALET_FASHION_MNIST", "/usr/share/datasets/fashion-mnist"))
SWEEP = """
epochs: 3
images: 6000
batch_size: 16
grid:
  lr: [0.03, 0.01]
  seed: [1, 2]
"""


def main():
    if not (DATA / "train-images-idx3-ubyte.gz").exists():
        skip(f"there are no pictures in {DATA} (Debian: dataset-fashion-mnist)")
    example = Example("fashion_mnist")
    ranks = example.new_experiment("ranks", SWEEP)
    plugin = example.build / "libfashion_mnist.so"
    example.run(*MPIRUN, example.malet_mpi, ranks, "--plugin", plugin)
    rows = example.rows(ranks)
    accuracy = [row["accuracy"][-1] for row in rows.values()]
    print(f"accuracy on clothes never seen: {min(accuracy):.3f} to {max(accuracy):.3f}")
    assert len(accuracy) == 4 and max(accuracy) >= 0.78

    slots = example.new_experiment("slots", SWEEP)
    example.run(example.build / "fashion_mnist", slots, "-j", "2")
    assert example.rows(slots) == rows, "ranks and slots differ"


if __name__ == "__main__":
    main()
