#!/usr/bin/env bash
# Counts the instructions of training and compares them with the recorded figure: a slow-down that no timing on a
# shared machine would show.
#   bash tests/guard/instructions.sh [--record] PPO_TRAIN BUILD
# BUILD names compiler, version and flags, on which the figure depends. Exit code 77: nothing to compare with.
#
# Only what runs inside CpuEngine::collect is counted (--toggle-collect). The other way, the difference of two runs of one
# and two updates, would do without the function's name but takes three updates instead of one; and Valgrind computes
# each fma in software, in about 60 ns. Starting up and loading, a quarter of so short a run, are left out either way.
set -euo pipefail

counted="ppo::CpuEngine::collect()"
tolerance=5 # percent
# One update with the shares of the default config, stage by stage, at an eighth of its size.
run=(--config cartpole --num-steps 16 --num-minibatches 1 --total-timesteps 1024 --simd avx2 --threads 1 --no-out --quiet)

recording=false
if [ "${1-}" = --record ]; then
  recording=true
  shift
fi
[ $# -eq 2 ] || { echo "instructions.sh [--record] PPO_TRAIN BUILD" >&2; exit 2; }
ppo_train=$1
build=$2
figures="$(dirname "${BASH_SOURCE[0]}")/instructions.txt"

skip() {
  echo "[  SKIPPED ] $1"
  exit 77
}

recorded=$(awk -v build="$build" '{ count = $1; sub(/^[0-9]+ /, "") } $0 == build { print count }' "$figures")
command -v valgrind >/dev/null || skip "there is no valgrind"
grep -qw avx2 /proc/cpuinfo && grep -qw fma /proc/cpuinfo || skip "this machine has no AVX2 with FMA"
$recording || [ -n "$recorded" ] || skip "no figure is recorded for '$build'; --record does it"

log=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect="$counted" "$ppo_train" "${run[@]}" 2>&1) ||
  { echo "$log"; exit 1; }
measured=$(sed -n 's/.*Collected *: *\([0-9]*\).*/\1/p' <<<"$log")
if [ "${measured:-0}" -eq 0 ]; then
  echo "Nothing was counted: is there still a function $counted? If not, name another in $0."
  exit 1
fi

if $recording; then
  others=$(grep -vE "^[0-9]+ $build\$" "$figures")
  printf '%s\n%s %s\n' "$others" "$measured" "$build" >"$figures"
  echo "recorded $measured instructions for '$build' in $figures"
  exit 0
fi

ratio=$(awk -v m="$measured" -v r="$recorded" 'BEGIN { printf "%.3f", m / r }')
echo "recorded $recorded instructions, measured $measured: $ratio times as many"
difference=$((measured - recorded))
if [ $((100 * ${difference#-})) -gt $((tolerance * recorded)) ]; then
  echo "That is more than $tolerance % off. If it is meant, record it:"
  echo "  bash $0 --record $ppo_train '$build'"
  exit 1
fi
