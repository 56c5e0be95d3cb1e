#!/bin/sh
# An epidemic after the SIR model, a day a step: epidemic.sh CONTACT RECOVERY
# It knows nothing of malet-mpi but two files: its config and where its metrics go.
set -eu

# Arguments bring what the command line names; the file has all fields, as JSON.
field() { sed -n "s/.*\"$1\": *\([0-9.eE+-]*\).*/\1/p" "$MALET_CONFIG"; }

awk -v contact="$1" -v recovery="$2" -v days="$(field days)" -v vaccinated="$(field vaccinated)" '
  BEGIN {
    infected = 0.001
    susceptible = 1 - infected - vaccinated
    for (day = 1; day <= days; ++day) {
      new = contact * susceptible * infected
      susceptible -= new
      infected += new - recovery * infected
      total += new
      if (infected > peak) { peak = infected; peak_day = day }
      printf "{\"infected\": %.6f}\n", infected # a line is one step of a series
    }
    printf "{\"final\": {\"peak\": %.6f, \"peak_day\": %d, \"total\": %.6f}}\n",
      peak, peak_day, total
  }' >"$MALET_METRICS"
