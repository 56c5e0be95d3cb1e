#!/usr/bin/env python3
"""The command example: by its folder's name alone, and over MPI ranks."""

from example import MPIRUN, Example


def main():
    example = Example("command")
    alone = example.new_experiment("alone")
    example.run(example.malet_mpi, alone)
    rows = example.rows(alone)
    assert len(rows) == 16, f"{len(rows)} rows"
    for (contact, recovery, vaccinated), row in rows.items():
        assert len(row["infected"]) == 300, row
        if contact * (1 - vaccinated) < recovery:  # it dies out
            assert row["peak_day"] == 1 and row["total"] < 0.05, row
    worst = rows[(0.5, 0.1, 0)]
    assert worst["total"] > 0.99 and worst["peak"] == max(worst["infected"]), worst

    ranks = example.new_experiment("ranks")
    example.run(*MPIRUN, example.malet_mpi, ranks)
    assert example.rows(ranks) == rows, "ranks and slots differ"


if __name__ == "__main__":
    main()
