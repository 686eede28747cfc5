#!/usr/bin/env bash
# One session of a fuzz target: replays its seeds, then tries what libFuzzer makes of them.
#   bash tests/fuzz/session.sh PROGRAM [ARGUMENTS]     ARGUMENTS go to libFuzzer: -runs=20000, -max_total_time=60
# Ends with a line "fuzz_NAME: N executions, N a second, peak MiB, crashes". What crashes it is kept beside PROGRAM; add
# it to the seeds once it is mended.
set -euo pipefail

program=$1
shift
name=$(basename "$program")
here=$(dirname "${BASH_SOURCE[0]}")
seeds=$here/seeds/${name#fuzz_}
dictionary=$here/${name#fuzz_}.dict

corpus=$(mktemp -d) # libFuzzer adds what it finds to the first folder it is given
log=$corpus.log
trap 'rm -rf "$corpus" "$log"' EXIT
# No input may take more than 10 s, a block of 64 MiB or 512 MiB in all. Entropic scheduling takes longer than it helps.
limits=(-entropic=0 -timeout=10 -malloc_limit_mb=64 -rss_limit_mb=512)
[ -f "$dictionary" ] && limits+=("-dict=$dictionary")

# For speed: no stack is kept of each allocation, and little memory that was freed.
export ASAN_OPTIONS=malloc_context_size=0:quarantine_size_mb=16

status=0
"$program" "${limits[@]}" -print_final_stats=1 "-artifact_prefix=$program-" "$@" "$corpus" "$seeds" >"$log" 2>&1 || status=$?
[ "$status" -eq 0 ] || tail -n 60 "$log"
stat() { sed -n "s/^stat::$1: *//p" "$log"; }
echo "$name: $(stat number_of_executed_units) executions, $(stat average_exec_per_sec) a second," \
  "peak $(stat peak_rss_mb) MiB, $([ "$status" -eq 0 ] && echo 0 || echo 1) crashes"
exit "$status"
