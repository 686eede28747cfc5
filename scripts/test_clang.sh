#!/usr/bin/env bash
# What another compiler says: clang++-19 reads every source, tests included, with its warnings as errors, and what it makes
# of the algorithm's headers has the bytes that it must have. Part of CI, next to scripts/test.sh.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
install_packages "${BUILD_PACKAGES[@]}" "${TEST_PACKAGES[@]}" clang-19 libclang-rt-19-dev
PPO_WERROR=ON configure clang
generated=(presets.cpp page.cpp completions.cpp commit.cpp)
hash_programs=(build_hash_program_clang_{debug,release,native})
quietly build/clang/build.log cmake --build --preset clang --target "${generated[@]}" "${hash_programs[@]}"
python3 scripts/check_syntax.py build/clang
ctest --preset clang -j "$(nproc)"
