#!/usr/bin/env bash
# Runs the benchmarks of a build folder, or those whose name holds a word: run.sh build/release [WORD]
set -euo pipefail
folder=$1/tests/bench
word=${2:-}
found=0
for program in "$folder"/*_bench; do
  [ -x "$program" ] || continue
  [[ "$(basename "$program")" == *"$word"* ]] || continue
  found=1
  echo "== $(basename "$program")"
  "$program"
done
[ "$found" -eq 1 ] || { echo "bench: no benchmark named *$word*" >&2; exit 2; }
