#!/usr/bin/env bash
# On a system without apt-get the scripts cannot install: they name what to install by hand and how to go on, and end
# with 1 before anything is built. Here with a PATH that has only what they need until then.
#   bash tests/guard/without_apt.sh
set -euo pipefail

source="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/bin" "$folder/project"
for program in bash dirname cat; do ln -s "$(command -v "$program")" "$folder/bin/"; done
cp -r "$source/scripts" "$folder/project/"

# ends SCRIPT: as all of them do.
ends() {
  [ "$status" -eq 1 ] || { echo "$1.sh ends with $status instead of 1"; exit 1; }
  [ ! -s "$folder/stdout" ] && [ ! -e "$folder/project/build" ] || { echo "$1.sh began to build"; exit 1; }
}

for script in train test; do
  status=0
  output=$(env -i PATH="$folder/bin" bash "$folder/project/scripts/$script.sh" 2>&1 >"$folder/stdout") || status=$?
  for expected in "no apt-get" g++ CLI11 nlohmann-json toml++ fmt giflib stb dygraphs GoogleTest \
    "cmake --preset release -DPPO_BUILD_TESTS=OFF" "cmake --preset release -DPPO_BUILD_TESTS=ON" "cmake --build --preset release" "build/release/ppo_train --config cartpole-v1"; do
    grep -qF -- "$expected" <<<"$output" || { printf '%s.sh does not name %s:\n%s\n' "$script" "$expected" "$output"; exit 1; }
  done
  ends "$script"
done
status=0
output=$(env -i PATH="$folder/bin" bash "$folder/project/scripts/test_arm.sh" 2>&1 >"$folder/stdout") || status=$?
for expected in "no apt-get" "cross compiler" QEMU docs/building.md; do
  grep -qF -- "$expected" <<<"$output" || { printf 'test_arm.sh does not name %s:\n%s\n' "$expected" "$output"; exit 1; }
done
ends test_arm
echo "The scripts say what to do"
