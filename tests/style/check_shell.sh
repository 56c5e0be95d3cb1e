#!/bin/bash
# check_shell.sh ROOT SHELLCHECK: every shell script passes shellcheck.
set -euo pipefail
cd "$1"

mapfile -d '' scripts < <(
  find .ci bench examples slurm tests -type f -print0 |
    while IFS= read -r -d '' file; do
      read -r first_line <"$file" 2>/dev/null || true
      if [[ ${first_line:-} =~ ^\#!.*sh$ ]]; then printf '%s\0' "$file"; fi
    done | sort -z
)
echo "${#scripts[@]} scripts"
"$2" --external-sources --source-path=SCRIPTDIR "${scripts[@]}"
