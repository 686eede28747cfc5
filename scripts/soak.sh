#!/usr/bin/env bash
# Trains without end with everything on - several agents, a checkpoint and event files each update, a line an update into
# a pipe - and watches the process; then SIGINT, after which the run must be saved.
#   bash scripts/soak.sh [MINUTES]     default 10, at least 2; build/release must be built
# Nothing may grow with the updates: what the program keeps of them has fixed sizes. In the first minute the allocator's
# arenas fill up, and pages of the program come into use; each later minute may add 1 MiB, which is room for some more of
# that, but less than keeping the rows of each update would take, let alone a checkpoint or a thread's stack. Next to the
# descriptors and threads that it always has there may be one of each, of the checkpoint that is being written.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
program=$(realpath "${PPO_BUILD:-build/release}/ppo_train")
minutes=${1:-10}
case $minutes in '' | *[!0-9]* | 0* | 1) echo "soak.sh [MINUTES, at least 2]" >&2; exit 2 ;; esac

folder=$(mktemp -d)
process=
trap '[ -z "$process" ] || kill -9 "$process" 2>/dev/null || true; rm -rf "$folder"' EXIT
"$program" train --num-envs 16 --num-steps 16 --num-seeds 4 --max-episode-steps 100 --total-timesteps 100000000000 \
  --tensorboard --checkpoint-every 1 --log-every 1 --out "$folder/run" > >(wc -l >"$folder/printed") 2>"$folder/errors" &
process=$!

# kibibytes, descriptors, threads
sample() {
  awk -v fds="$(ls "/proc/$process/fd" | wc -l)" '/^VmRSS:/ { kib = $2 } /^Threads:/ { threads = $2 }
    END { print kib, fds, threads }' "/proc/$process/status"
}

fail() {
  echo "soak.sh: $1; samples of seconds, VmRSS [KiB], descriptors, threads:" >&2
  cat "$folder/samples" "$folder/errors" >&2
  exit 1
}

start=$SECONDS
sleep 2
while [ $((SECONDS - start)) -lt $((60 * minutes)) ]; do
  echo "$((SECONDS - start)) $(sample)" >>"$folder/samples" || fail "it has ended by itself"
  sleep 2
done
kill -INT "$process"
code=0
wait "$process" || code=$?
process=
[ "$code" -eq 130 ] || fail "exit code $code after SIGINT, not 130"
[ ! -s "$folder/errors" ] || fail "it complains"

updates=$(sed -n 's/^  "updates": \([0-9]*\),$/\1/p' "$folder/run/run.json")
rows=$(($(wc -l <"$folder/run/metrics.csv") - 1))
[ "$rows" -eq $((4 * updates)) ] || fail "$rows rows of 4 agents after $updates updates"

# The least memory around the end of the first minute and at the end: a checkpoint comes and goes.
read -r before after fds most_fds threads most_threads < <(awk -v end=$((60 * minutes)) '
  $1 < 60 { if (!fds || $3 < fds) fds = $3; if (!threads || $4 < threads) threads = $4 }
  $3 > most_fds { most_fds = $3 }
  $4 > most_threads { most_threads = $4 }
  $1 >= 50 && $1 < 70 && (!before || $2 < before) { before = $2 }
  $1 >= end - 20 && (!after || $2 < after) { after = $2 }
  END { print before, after, fds, most_fds, threads, most_threads }' "$folder/samples")
grown=$((after - before))
[ "$grown" -lt $((1024 * (minutes - 1))) ] || fail "memory has grown by $grown KiB in $((minutes - 1)) minutes"
[ "$most_fds" -le $((fds + 1)) ] || fail "descriptors have grown from $fds to $most_fds"
[ "$most_threads" -le $((threads + 1)) ] || fail "threads have grown from $threads to $most_threads"
echo "soak: $minutes minutes, $updates updates of 4 agents and as many checkpoints; memory $before KiB after a minute," \
  "$after KiB at the end; $fds to $most_fds descriptors, $threads to $most_threads threads"
