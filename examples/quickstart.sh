#!/bin/bash
# From a fresh clone to a table of trained networks: installs what is missing, builds malet-mpi and
# runs the digits sweep on three ranks. Start it again at any time: what is done stays done.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=../tests/setup.sh
source tests/setup.sh

build=build/release
experiment=build/quickstart/digits

begin_log build/quickstart/build.log
require "${build_requirements[@]}"
want "${optional_requirements[@]}"

# A build folder that is there keeps its options; a new one leaves the tests to tests/run.sh.
if [[ ! -e $build/build.ninja ]]; then
  step "Configuring $build" cmake --preset release -D MALET_BUILD_TESTS=OFF
fi
step "Building $build/malet-mpi" \
  cmake --build "$build" -j "$(cores)" --target malet-mpi digits digits_plugin

# The sweep runs in a copy, so that the example's folder stays as it is.
if [[ ! -e $experiment/exp_config.yaml ]]; then
  mkdir -p "$experiment"
  cp examples/digits/exp/exp_config.yaml "$experiment/"
fi

launcher_for 3
echo "Training small networks on handwritten digits, on 3 ranks ..."
status=0
"${launcher[@]}" "$build/malet-mpi" "$experiment" --plugin "$build/libdigits.so" || status=$?
if ((status == 75)); then
  echo "Stopped before the end. Start this script again and it goes on."
  exit "$status"
elif ((status > 1)); then
  echo "The sweep could not be run (exit code $status); the reason stands above." >&2
  exit "$status"
fi

printf '\nThe best networks by accuracy on held-out digits:\n\n'
"$build/malet-mpi" show "$experiment" --sort=-accuracy --top 10
cat <<END

The log:    $experiment/log.tsv
The sweep:  $experiment/exp_config.yaml

What to try next:
  $build/malet-mpi status $experiment
  $build/malet-mpi show $experiment --filter 'optimizer == sgd' --sort=-accuracy
  add a value to the sweep, say 'seed: [1, 2, 3]', and start this script again:
  only what is new is run
END
exit "$status"
