#!/bin/bash
# Every check that a reviewer would make: installs what is missing, builds with warnings as errors,
# once for release and once with sanitizers, and runs all tests through ctest.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=setup.sh
source tests/setup.sh

usage() {
  cat <<'END'
Usage: tests/run.sh [--soak] [--separate] [--fuzz] [-- CTEST_ARGUMENT...]

  --soak      runs the tests labelled soak, too: long rounds
  --separate  compiles every source by itself, too, with all warnings as errors
  --fuzz      builds the libFuzzer targets, too, and runs each for a minute (needs clang)
  --          what follows goes to ctest, as in: tests/run.sh -- -L unit
END
}

soak=no
separate=no
fuzz=no
while (($# > 0)); do
  case $1 in
    --soak) soak=yes ;;
    --separate) separate=yes ;;
    --fuzz) fuzz=yes ;;
    --) shift && break ;;
    -h | --help) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
  esac
  shift
done

# run_fuzzers: each target for a minute, on a copy of its corpus. A finding is a failure.
run_fuzzers() {
  local target name found=0
  for target in build/fuzz/fuzz_*; do
    [[ -x $target && -f $target ]] || continue
    found=1
    name=${target##*/fuzz_}
    mkdir -p "build/fuzz/corpus/$name"
    step "Fuzzing $name" "$target" -max_total_time=60 -timeout=10 -rss_limit_mb=2048 \
      -artifact_prefix="build/fuzz/$name-" "build/fuzz/corpus/$name" "tests/fuzz/corpus/$name"
  done
  ((found == 1))
}

begin_log build/tests.log
requirements=("${build_requirements[@]}" "${test_requirements[@]}")
if [[ $fuzz == yes ]]; then requirements+=("${fuzz_requirements[@]}"); fi
require "${requirements[@]}"
want "${optional_requirements[@]}" "${optional_test_requirements[@]}"

step "Configuring build/asan" cmake --preset asan
asan_targets=(unit_tests)
if [[ $soak == yes ]]; then asan_targets+=(malet-mpi malet_probe malet_faults); fi
step "Building build/asan (${asan_targets[*]})" \
  cmake --build build/asan -j "$(cores)" --target "${asan_targets[@]}"
step "Configuring build/release" cmake --preset release -D MALET_BUILD_TESTS=ON \
  -D MALET_BUILD_EXAMPLES=ON -D MALET_WARNINGS_AS_ERRORS=ON -D MALET_ASAN_BUILD="$PWD/build/asan"
step "Building build/release" cmake --build build/release -j "$(cores)"
if [[ $fuzz == yes ]]; then
  step "Configuring build/fuzz" cmake --preset fuzz
  step "Building build/fuzz" cmake --build build/fuzz -j "$(cores)" --target fuzz_programs
  run_fuzzers
fi

launcher_for 1 # for the permission to run mpirun as root
left_out=()
if [[ $soak == no ]]; then left_out+=(soak); fi
if [[ $separate == no ]]; then left_out+=(separate); fi
labels=()
if ((${#left_out[@]} > 0)); then labels=(-LE "^($(IFS='|' && echo "${left_out[*]}"))\$"); fi
# More than there are cores: many tests wait most of the time, those on Slurm above all.
exec ctest --test-dir build/release --no-tests=error --output-on-failure -j "$(($(cores) + 2))" \
  "${labels[@]}" "$@"
