#!/usr/bin/env bash
# The build on a machine without nvcc, tried on one that may have it: configures, and compiles and runs what only such a build has.
#   bash tests/guard/without_cuda.sh CMAKE GENERATOR CXX [ARGUMENT...]     ARGUMENTs go to CMake
source "$(dirname "${BASH_SOURCE[0]}")/configure.sh"
unset CUDACXX

# expect passes|fails TEXT ARGUMENT...: configures so, and wants the text, however CMake has broken its lines.
expect() {
  local result=passes wanted=$1 text=$2
  shift 2
  output=$("$cmake" -S "$source" -B "$folder/build" "$@" 2>&1) || result=fails
  [ "$result" = "$wanted" ] || fail "cmake $*: $result, but should not"
  [[ "$(tr -s ' \n' ' ' <<<"$output")" == *"$text"* ]] || fail "cmake $*: does not say: $text"
}

off="PPO_CUDA is off"
expect passes "CPU engine only: $off" -G "$generator" -DCMAKE_CXX_COMPILER="$cxx" "$@" -DPPO_CUDA=OFF
PPO_REQUIRE_CUDA=1 expect passes "CPU engine only: $off" -DPPO_CUDA=OFF
# OFF instead of NOTFOUND: CMake takes it for the result of a search and does not search again.
none=(-DPPO_CUDA=ON -DPPO_NVCC=OFF)
expect passes "CPU engine only: there is no nvcc" "${none[@]}"
asks="PPO_REQUIRE_CUDA asks for the CUDA engine, but"
PPO_REQUIRE_CUDA=1 expect fails "$asks there is no nvcc" "${none[@]}"
expect fails "$asks there is no nvcc" "${none[@]}" -DPPO_REQUIRE_CUDA=ON
expect fails "$asks $off" -DPPO_CUDA=OFF
printf '#!/bin/sh\necho "Cuda compilation tools, release 11.8, V11.8.89"\n' >"$folder/nvcc"
chmod +x "$folder/nvcc"
CUDACXX=$folder/nvcc expect fails "is of CUDA 11.8, and 12.0 or newer is needed" -DPPO_CUDA=ON -UPPO_NVCC
# One whose compute capabilities are not those asked for.
printf '#!/bin/sh\ncase $1 in --list*) echo sm_90 ;; *) echo "Cuda compilation tools, release 13.0, V13.0.48" ;; esac\n' \
  >"$folder/nvcc"
CUDACXX=$folder/nvcc expect fails "PPO_CUDA_CODE is '42'" -UPPO_NVCC -DPPO_CUDA_CODE=42

# compile ARGUMENT...: with these arguments for the compiler, in the project's folder.
compile() {
  output=$(cd "$source" && "$cxx" -std=c++20 -Wall -Wextra -Wpedantic -Werror -I. -Iinclude -Isrc -Ibench/ppo_bench "$@" 2>&1) ||
    fail "does not compile: $*"
}
compile -fsyntax-only bench/ppo_bench/measure_cuda_absent.cpp
compile -o "$folder/without_cuda" src/engine/cuda/absent.cpp tests/guard/without_cuda.cpp
output=$("$folder/without_cuda") || fail "does not say that it was built without CUDA:"
echo "Configures and compiles without CUDA, and says so"
