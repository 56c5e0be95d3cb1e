"""Reads a log.tsv with pandas, as docs/log_format.md says: pandas_read.py LOG"""
import json
import sys
import time

import pandas

path = sys.argv[1]
with open(path) as file:
    header = next(i for i, line in enumerate(file) if line.startswith("-----"))
begin = time.perf_counter()
frame = pandas.read_csv(path, sep="\t", skiprows=header + 1, header=[0, 1], index_col=0)
print(json.dumps({"rows": len(frame), "seconds": time.perf_counter() - begin}))
