#!/usr/bin/env bash
# Runs the benchmarks of a build folder, or those whose name holds a word, with what follows it:
# run.sh build/release [WORD [OPTIONS...]]. Where a name is the word, that one alone takes the options.
set -euo pipefail
folder=$1/tests/bench
word=${2:-}
shift $(($# < 2 ? $# : 2))
if [ $# -gt 0 ] && [ -x "$folder/${word}_bench" ]; then
  exec "$folder/${word}_bench" "$@"
fi
found=0
for program in "$folder"/*_bench; do
  [ -x "$program" ] || continue
  [[ "$(basename "$program")" == *"$word"* ]] || continue
  found=1
  echo "== $(basename "$program")"
  "$program" "$@"
done
[ "$found" -eq 1 ] || { echo "bench: no benchmark named *$word*" >&2; exit 2; }
