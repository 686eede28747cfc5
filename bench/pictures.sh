#!/usr/bin/env bash
# Draws the pictures of the README, docs/training.gif and docs/return.svg: how one agent of cartpole-v1 learns. And those
# of docs/results.md: for each preset the curve of ten seeds and a film of seed 1's agent.
#   bash bench/pictures.sh [BINARY]     BINARY is build/release/ppo_train unless given
set -euo pipefail
cd "$(dirname "$0")/.."
binary=${1:-build/release/ppo_train}
pictures=docs/pictures
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

readme=$folder/readme/cartpole-v1
"$binary" --config cartpole-v1 --eval-every 2 --render-training docs/training.gif --quiet --out "$readme"
"$binary" report "$readme" --svg --out docs/return.svg

mkdir -p "$pictures"
for preset in cartpole-v1 acrobot-v1 mountain-car-v0 mountain-car-continuous-v0 pendulum-v1; do
  "$binary" --config "$preset" --seed 1 --num-seeds 10 --quiet --out "$folder/$preset"
  "$binary" report "$folder/$preset" --svg --out "$pictures/$preset.svg"
  "$binary" --config "$preset" --seed 1 --quiet --out "$folder/$preset-1"
  "$binary" render "$folder/$preset-1" "$pictures/$preset.gif" --greedy
done
