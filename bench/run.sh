#!/usr/bin/env bash
# Builds the benchmarks and measures them beside their peers: bench/run.sh [NAME...]
set -euo pipefail
cd "$(dirname "$0")/.."
cmake --preset release -D MALET_BUILD_BENCH=ON >/dev/null
cmake --build build/release --target benchmarks
exec /usr/bin/env python3 bench/run.py build/release "$@"
