#!/usr/bin/env bash
# A trainer of a user's own, outside of our tree: installs the program that was built to a temporary prefix, builds
# examples/own_trainer from it, and uses what comes out.
#   bash tests/guard/own_trainer.sh BUILD_FOLDER CMAKE GENERATOR CXX [ARGUMENT...]     ARGUMENTs go to CMake
build=$1
shift
source "$(dirname "${BASH_SOURCE[0]}")/configure.sh"

output=$("$cmake" --install "$build" --prefix "$folder/prefix" 2>&1) || fail "It is not installed:"
cp -r "$source/examples/own_trainer" "$folder/project"
mkdir "$folder/empty" # nothing is to be found beside the project but the prefix
cd "$folder/empty"
output=$("$cmake" -S "$folder/project" -B "$folder/build" -G "$generator" -DCMAKE_CXX_COMPILER="$cxx" \
  -DCMAKE_PREFIX_PATH="$folder/prefix" -DPPO_CUDA=OFF "$@" 2>&1) || fail "It is not configured:"
grep -q "CPU engine only: " <<<"$output" || fail "It does not say which engines it has:"
output=$("$cmake" --build "$folder/build" --parallel 2 2>&1) || fail "It is not built:"
if grep -q "warning:" <<<"$output"; then fail "It is built with warnings:"; fi

trainer=$folder/build/hover_trainer
# expect TEXT ARGUMENT...: the trainer succeeds and says TEXT.
expect() {
  local text=$1
  shift
  output=$("$trainer" "$@" 2>&1) || fail "hover_trainer $* fails:"
  [[ "$output" == *"$text"* ]] || fail "hover_trainer $* does not say '$text':"
}

expect "hover_trainer eval RUN" --help
expect "complete -F _hover_trainer_completions hover_trainer" completions bash
expect "hover" completions -- --env ""
output=$("$trainer" evall 2>&1) && fail "It takes a verb that it does not have:"
[[ "$output" == "hover_trainer: unknown verb 'evall'"*"did you mean 'eval'?" ]] || fail "It does not say who it is:"
mpi=$("$build/ppo_train" info | grep ^mpi) # which loads it
if [[ "$mpi" == *"cannot load"* ]]; then fail "$mpi"; fi
expect "$mpi" info
[ "$("$folder/prefix/bin/ppo_train" info | grep ^mpi)" = "$mpi" ] || fail "What is installed does not say $mpi"
expect "2 numbers in [-1, 1]" envs
expect "cartpole" envs
expect "no defects found" check-env hover --steps 50000
expect "saved" --env hover --max-episode-steps 200 --num-envs 8 --num-steps 64 --total-timesteps 2048 --render --out run
[ "$(head -c 6 run/film.gif)" = GIF89a ] || fail "There is no film:"
expect "return" eval run --episodes 2
expect "saved" export run
expect "saved" export run run/agent.h
expect "saved" render run still.png
expect "hover_trainer eval demo --greedy" demo --out demo # of CartPole, which every trainer has
# hash_in OUTPUT: the hash that it says.
hash_in() { sed -n 's/^hash  *\(0x[0-9a-f]*\).*/\1/p' <<<"$1"; }

# The same bytes as from any other build of the same environment.
expect "" --env cartpole --num-envs 8 --num-steps 32 --total-timesteps 512 --out ours
ours=$(hash_in "$output")
[ -n "$ours" ] || fail "It says no hash:"
output=$("$folder/prefix/bin/ppo_train" --env cartpole --num-envs 8 --num-steps 32 --total-timesteps 512 --out theirs 2>&1) ||
  fail "The installed ppo_train fails:"
[ "$ours" = "$(hash_in "$output")" ] || fail "Its hash is $ours, not that of:"
echo "Builds and uses a trainer from an installed ppo_train"
