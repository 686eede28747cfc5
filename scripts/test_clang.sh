#!/usr/bin/env bash
# What another compiler says: builds everything with clang++-19, tests included, and runs those that the compiler could
# break without the others seeing it. Part of CI, next to scripts/test.sh.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
install_packages "${BUILD_PACKAGES[@]}" "${TEST_PACKAGES[@]}" clang-19 libclang-rt-19-dev
PPO_WERROR=ON build clang
ctest --preset clang -j "$(nproc)"
