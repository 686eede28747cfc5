#!/usr/bin/env bash
# Sets everything up on Debian 12 (root or sudo), builds and runs all tests but the exhaustive ones.
#   bash scripts/test.sh [ARGUMENTS]     ARGUMENTS go to ctest, for example: -L unit
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
install_packages "${BUILD_PACKAGES[@]}" "${TEST_PACKAGES[@]}"
build_release ON
ctest --preset release -j "$(nproc)" "$@"
