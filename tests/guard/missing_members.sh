#!/usr/bin/env bash
# An environment that lacks a member: the first error that its author sees names the member, in one line, whichever the
# compiler. Each case is examples/my_env.hpp, or one with a Box, changed by one sed script. All are tried with the first
# compiler, every third one with the others.
#   bash tests/guard/missing_members.sh CXX...
set -euo pipefail
source="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# instance HEADER TYPE: as CMake generates it.
instance() {
  sed -e "s|@name@|broken|g; s|@level@|portable|g; s|@stages@|reference|g; s|@symbol@|loops_of_broken|" \
    -e "s|@header@|$1|; s|@type@|$2|g" "$source/cmake/instance.cpp.in"
}

# expect COMPILER TEXT HEADER TYPE SED: the first error of the changed header says TEXT.
expect() {
  sed -E "$5" "$source/$3" >"$folder/broken.hpp"
  ! cmp -s "$folder/broken.hpp" "$source/$3" || { echo "$3 has nothing for: $5"; exit 1; }
  instance "$folder/broken.hpp" "$4" >"$folder/broken.cpp"
  local output
  output=$("$1" -std=c++20 -fsyntax-only -I "$source/include" -I "$source/src" "$folder/broken.cpp" 2>&1) &&
    { echo "$1 takes a header changed by: $5"; exit 1; }
  local first
  first=$(grep -m 1 'error:' <<<"$output")
  [[ "$first" == *"$2"*"; see ppo/env.hpp"* ]] || { printf '%s, with %s, does not say: %s\nbut: %s\n' "$1" "$5" "$2" "$first"; exit 1; }
}

count=0
while IFS='|' read -r header type change text; do
  [ -n "$header" ] || continue
  expect "$1" "$type $text" "$header" "$type" "$change"
  for compiler in "${@:2}"; do
    [ $((count % 3)) -ne 0 ] || expect "$compiler" "$type $text" "$header" "$type" "$change"
  done
  count=$((count + 1))
done <<'END'
examples/my_env.hpp|MyEnv|s/kObservationSize/kNumbers/|lacks `static constexpr int kObservationSize`
examples/my_env.hpp|MyEnv|s/kObservationSize = 2/kObservationSize = 0/|has a kObservationSize that is not 1 or more
examples/my_env.hpp|MyEnv|s/using Action =/using Actions =/|lacks `using Action = ppo::Discrete<A>` or `using Action = ppo::Box<D>`
examples/my_env.hpp|MyEnv|s/ppo::Discrete<3>/int/|has an Action that is neither `ppo::Discrete<A>` nor `ppo::Box<D>`
examples/my_env.hpp|MyEnv|s/ppo::Discrete<3>/ppo::Discrete<1>/|has an Action of the wrong size
examples/my_env.hpp|MyEnv|s/kSolvedReturn/kSolved/|lacks `static constexpr float kSolvedReturn`
examples/my_env.hpp|MyEnv|s/kTimeLimit/kLimit/|lacks `static constexpr int kTimeLimit`
examples/my_env.hpp|MyEnv|s/\<State\>/Snapshot/|lacks `struct State`
examples/my_env.hpp|MyEnv|s/float velocity;/float velocity = 0; ~State() {}/|has a State that is not plain data
examples/my_env.hpp|MyEnv|s/float velocity;/float velocity, tiles[512][129];/|has a State of more than 256 KiB
examples/my_env.hpp|MyEnv|s/float velocity;/float velocity; bool has_fallen;/|has a State with padding
examples/my_env.hpp|MyEnv|s/State reset\(/State begin(/|lacks `static State reset(ppo::Draws&)`
examples/my_env.hpp|MyEnv|s/, ppo::Draws& draws\) \{$/, ppo::Draws\& draws, int) {/|lacks `static ppo::Transition<> step(State&, int action, ppo::Draws&)`
examples/my_env.hpp|MyEnv|s/int action, ppo::Draws& draws\) \{$/const float*, ppo::Draws\& draws) { const int action = 0;/|lacks `static ppo::Transition<> step(State&, int action, ppo::Draws&)`
examples/my_env.hpp|MyEnv|s/void observe\(/void look(/|lacks `static void observe(const State&, float* obs)`
examples/my_env.hpp|MyEnv|s/kView\{/kPart{/|draws itself, but lacks `static constexpr ppo::View kView`
examples/my_env.hpp|MyEnv|s/kStepSeconds/kSeconds/|draws itself, but lacks `static constexpr float kStepSeconds`
examples/my_env.hpp|MyEnv|s/void draw\(/void paint(/|draws itself, but lacks `static void draw(const State&, ppo::Scene&)`
examples/own_trainer/hover.hpp|Hover|s/ActionRange action_range/ActionRange range/|lacks `static ppo::ActionRange action_range(int d)`
examples/own_trainer/hover.hpp|Hover|s/, ppo::Draws& draws\) \{$/, ppo::Draws\& draws, int) {/|lacks `static ppo::Transition<> step(State&, const float* action, ppo::Draws&)`
END
echo "The first error names each of $count faults"
