#!/usr/bin/env bash
# Builds the benchmarks and measures them beside their peers: bench/run.sh [NAME...]
set -euo pipefail
cd "$(dirname "$0")/.."
cmake --preset release -B build/bench -DMALET_BUILD_BENCH=ON -DMALET_BUILD_TESTS=OFF \
  -DMALET_BUILD_EXAMPLES=OFF >/dev/null
cmake --build build/bench
exec /usr/bin/env python3 bench/run.py build/bench "$@"
