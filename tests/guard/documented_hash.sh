#!/usr/bin/env bash
# Trains a whole preset through the command line, to the hash that README.md shows of it.
#   bash tests/guard/documented_hash.sh COMMAND...     ppo_train, behind an emulator if need be
set -euo pipefail
readme=$(dirname "${BASH_SOURCE[0]}")/../../README.md
expected=$(sed -n 's/^ *hash  *\(0x[0-9a-f]\{16\}\) .*/\1/p' "$readme")
[ -n "$expected" ] || { echo "README.md shows no hash"; exit 1; }
output=$("$@" --config cartpole-v1 --seed 42 --device cpu --no-out)
echo "$output"
grep -qw "$expected" <<<"$output" || { echo "That is not the hash of README.md, $expected"; exit 1; }
