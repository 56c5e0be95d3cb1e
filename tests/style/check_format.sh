#!/bin/bash
# check_format.sh ROOT CLANG_FORMAT: every C++ source has the form that .clang-format asks for.
set -euo pipefail
cd "$1"

mapfile -d '' sources < <(find bench examples include src tests \
  \( -name '*.cpp' -o -name '*.hpp' \) -print0 | sort -z)
echo "${#sources[@]} files"
if ! "$2" --dry-run -Werror "${sources[@]}"; then
  echo "To put them right: $2 -i FILE..." >&2
  exit 1
fi
