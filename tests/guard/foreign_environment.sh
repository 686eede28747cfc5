#!/usr/bin/env bash
# A user's environment may warn as it likes: its header is built with our warnings, and never stops the build, not even
# one in which our own warnings are errors.
#   bash tests/guard/foreign_environment.sh CMAKE GENERATOR CXX [ARGUMENT...]     ARGUMENTs go to CMake
source "$(dirname "${BASH_SOURCE[0]}")/configure.sh"

# examples/my_env.hpp, with carelessness in its first lines of `step`.
awk '{ print } / step\(State/ {
  print "    const unsigned choice = action;"
  print "    const int cell = state.position;"
  print "    { const int choice = cell; state.velocity += choice; }"
}' "$source/examples/my_env.hpp" >"$folder/noisy.hpp"
cat >"$folder/add.cmake" <<END
cmake_language(DEFER CALL ppo_add_environment noisy "$folder/noisy.hpp" MyEnv)
END

output=$("$cmake" -S "$source" -B "$folder/build" -G "$generator" -DCMAKE_CXX_COMPILER="$cxx" -DCMAKE_BUILD_TYPE=Debug \
  -DPPO_WERROR=ON -DPPO_BUILD_TESTS=OFF -DCMAKE_PROJECT_ppo_train_INCLUDE="$folder/add.cmake" "$@" 2>&1) ||
  fail "It is not configured:"
targets=(ppo_loops_noisy_portable)
! grep -q "CUDA engine:" <<<"$output" || targets+=(ppo_cuda_noisy)
output=$("$cmake" --build "$folder/build" --target "${targets[@]}" 2>&1) || fail "Its warnings stop the build:"
for warning in unused-variable shadow float-conversion; do
  grep -q "noisy.hpp.*\[-W.*$warning" <<<"$output" || fail "Its author does not see the warning $warning:"
done
echo "Builds ${targets[*]} with $(grep -c 'noisy.hpp.*warning:' <<<"$output") warnings"
