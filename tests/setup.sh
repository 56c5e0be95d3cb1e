#!/bin/bash
# shellcheck disable=SC2034 # the lists and `launcher` are for the scripts that source this
# What examples/quickstart.sh and tests/run.sh share: finding or installing what the build needs,
# and running long steps with one line of output each. To be sourced, with the repository's root as
# the working folder.
#
# A requirement is one line "probe|Debian package|Spack package|name". Probes:
#   cmd:NAME      a program on the PATH
#   hdr:A,B       one of these C++ headers
#   lib:NAME      libNAME.so
#   py:MODULE     a module of the distribution's Python
#   file:PATH     a file

exec </dev/null # nothing here asks anything

build_requirements=(
  'cmd:cmake|cmake|cmake|CMake 3.22'
  'cmd:ninja|ninja-build|ninja|Ninja'
  'cmd:c++|g++|gcc|a C++20 compiler'
  'cmd:mpicxx|libopenmpi-dev|openmpi|MPI (compiler wrapper)'
  'cmd:mpirun|openmpi-bin|openmpi|MPI (mpirun)'
  'hdr:boost/mpi.hpp|libboost-mpi-dev|boost+mpi+serialization|Boost.MPI (headers)'
  'lib:boost_mpi|libboost-mpi-dev|boost+mpi+serialization|Boost.MPI'
  'lib:boost_serialization|libboost-serialization-dev|boost+mpi+serialization|Boost.Serialization'
  'hdr:yaml-cpp/yaml.h|libyaml-cpp-dev|yaml-cpp|yaml-cpp'
  'hdr:CLI/CLI.hpp|libcli11-dev|cli11|CLI11'
  'hdr:fmt/format.h|libfmt-dev|fmt|fmt'
  'hdr:zlib.h|zlib1g-dev|zlib|zlib'
  'cmd:h5cc|libhdf5-dev|hdf5|HDF5'
)
# Welcome, but no reason to stop where they cannot be had.
optional_requirements=(
  'cmd:ccache|ccache|ccache|ccache'
  'hdr:curl/curl.h|libcurl4-openssl-dev|curl|libcurl (for import-wandb)'
)
test_requirements=(
  'hdr:catch2/catch.hpp,catch2/catch_all.hpp|catch2|catch2|Catch2'
  'hdr:nlohmann/json.hpp|nlohmann-json3-dev|nlohmann-json|nlohmann-json'
  'cmd:git|git|git|git'
  'cmd:clang-format-14|clang-format-14|llvm@14|clang-format 14'
  'cmd:shellcheck|shellcheck|shellcheck|shellcheck'
  'cmd:python3|python3|python|Python 3'
  'py:yaml|python3-yaml|py-pyyaml|PyYAML'
  'py:numpy|python3-numpy|py-numpy|NumPy'
  'py:pandas|python3-pandas|py-pandas|pandas'
  'py:h5py|python3-h5py|py-h5py|h5py'
)
# Tests that need these are skipped, and say so, where they cannot be had.
optional_test_requirements=(
  'file:/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz|dataset-fashion-mnist||Fashion-MNIST'
  'cmd:srun|slurm-wlm|slurm|Slurm'
  'file:/usr/sbin/munged|munge|munge|munge'
)
fuzz_requirements=(
  'cmd:clang++|clang|llvm|clang with libFuzzer'
)

# The Python that sees what the distribution's packages bring; the tests look for it likewise.
python=python3
if [[ -x /usr/bin/python3 ]]; then python=/usr/bin/python3; fi

log_file=/dev/null

# begin_log FILE: where the output of the steps goes.
begin_log() {
  mkdir -p "$(dirname "$1")"
  log_file=$1
  : >"$log_file"
}

# step TITLE COMMAND...: runs the command, its output in the log. Says how long it took; on a
# terminal, shows the latest line meanwhile; after a failure, shows the end of the log and stops.
step() {
  local title=$1 start=$SECONDS status=0
  shift
  printf '\n### %s: %s\n' "$title" "$*" >>"$log_file"
  if [[ -t 1 ]]; then
    "$@" >>"$log_file" 2>&1 &
    # Bash lets jobs in the background ignore Ctrl-C.
    trap 'kill $! 2>/dev/null; exit 130' INT TERM
    show_latest_line "$title" $!
    wait $! || status=$?
    trap - INT TERM
    printf '%s ... ' "$title"
  else
    printf '%s ... ' "$title"
    "$@" >>"$log_file" 2>&1 || status=$?
  fi
  if ((status == 0)); then
    printf 'done (%d s)\n' $((SECONDS - start))
    return
  fi
  echo failed
  printf '%s: failed. The end of %s:\n\n' "$title" "$log_file" >&2
  tail -n 40 "$log_file" >&2
  exit "$status"
}

# show_latest_line TITLE PID: until the process has ended.
show_latest_line() {
  local latest
  while kill -0 "$2" 2>/dev/null; do
    latest=$(tail -n 1 "$log_file" | tr -d '\000-\037' | cut -c1-70)
    printf '\r\033[K%s ... %s' "$1" "$latest"
    sleep 0.5
  done
  printf '\r\033[K'
}

# The folders in which headers and libraries are looked for besides the compiler's own: modules and
# Spack name them in CMAKE_PREFIX_PATH.
prefixes() {
  tr ':;' '\n' <<<"${CMAKE_PREFIX_PATH:-}" | sed '/^$/d'
}

has_header() {
  local header flags=() prefix
  while IFS= read -r prefix; do flags+=(-I "$prefix/include"); done < <(prefixes)
  for header in ${1//,/ }; do
    if printf '#if !__has_include(<%s>)\n#error\n#endif\n' "$header" |
      c++ "${flags[@]}" -E -x c++ - &>/dev/null; then
      return 0
    fi
  done
  return 1
}

has_library() {
  local file=lib$1.so prefix
  while IFS= read -r prefix; do
    if [[ -e $prefix/lib/$file || -e $prefix/lib64/$file ]]; then return 0; fi
  done < <(prefixes)
  # The compiler gives the bare name back when it does not find it.
  [[ $(c++ -print-file-name="$file" 2>/dev/null) == /* ]]
}

is_there() {
  case $1 in
    cmd:*) command -v "${1#*:}" >/dev/null ;;
    hdr:*) has_header "${1#*:}" ;;
    lib:*) has_library "${1#*:}" ;;
    py:*) "$python" -c "import ${1#*:}" &>/dev/null ;;
    file:*) [[ -e ${1#*:} ]] ;;
  esac
}

# missing REQUIREMENT...: those that are not there, one a line.
missing() {
  local requirement
  for requirement in "$@"; do
    if ! is_there "${requirement%%|*}"; then printf '%s\n' "$requirement"; fi
  done
}

# column N: that column of requirements, without repeats, on one line.
column() {
  cut -d '|' -f "$1" | sort -u | paste -s -d ' '
}

can_install() {
  command -v apt-get >/dev/null || return 1
  ((EUID == 0)) || sudo -n true 2>/dev/null
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo -n "$@"; fi
}

# The package lists are fetched only when the ones at hand do not do.
apt_install() {
  local get=(env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300)
  as_root "${get[@]}" install -y --no-install-recommends "$@" && return
  as_root "${get[@]}" update
  as_root "${get[@]}" install -y --no-install-recommends "$@"
}

# require REQUIREMENT...: installs what is missing, or says what to do about it and stops.
require() {
  local lacking packages
  lacking=$(missing "$@")
  if [[ -z $lacking ]]; then return; fi
  if can_install; then
    read -ra packages <<<"$(column 2 <<<"$lacking")"
    step "Installing ${packages[*]}" apt_install "${packages[@]}"
    lacking=$(missing "$@")
    if [[ -z $lacking ]]; then return; fi
  fi
  explain "$lacking" >&2
  exit 2
}

# want REQUIREMENT...: as require, but goes on without what cannot be installed, and says so.
want() {
  local lacking packages
  lacking=$(missing "$@")
  if [[ -z $lacking ]]; then return; fi
  if can_install; then
    read -ra packages <<<"$(column 2 <<<"$lacking")"
    (step "Installing ${packages[*]}" apt_install "${packages[@]}") || true # step exits
    lacking=$(missing "$@")
  fi
  if [[ -n $lacking ]]; then
    echo "Going on without: $(column 4 <<<"$lacking")"
  fi
}

explain() {
  echo "These are needed and were not found:"
  cut -d '|' -f 4 <<<"$1" | sed 's/^/  - /'
  echo
  echo "Debian or Ubuntu, as an administrator:"
  echo "  apt-get install $(column 2 <<<"$1")"
  echo "Spack:"
  echo "  spack install $(column 3 <<<"$1")"
  echo "  spack load $(column 3 <<<"$1")"
  echo "A cluster's modules (names differ; look with 'module avail'):"
  echo "  module load gcc cmake ninja openmpi boost"
  echo "Libraries in folders of their own are found through CMAKE_PREFIX_PATH."
  echo "Then start this again."
}

cores() {
  nproc 2>/dev/null || getconf _NPROCESSORS_ONLN
}

# Sets `launcher` to the command that starts N ranks, whatever the number of cores.
launcher_for() {
  launcher=(mpirun -n "$1")
  if ! mpirun --version 2>/dev/null | grep -q 'Open MPI'; then return; fi
  launcher=(mpirun -q -n "$1" --oversubscribe)
  if ((EUID == 0)); then
    # Open MPI wants to be asked twice before it runs as root, as it does in containers.
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
  fi
  # Containers forbid reading another process's memory; Open MPI complains before it does without.
  export OMPI_MCA_btl_vader_single_copy_mechanism=${OMPI_MCA_btl_vader_single_copy_mechanism:-none}
}
