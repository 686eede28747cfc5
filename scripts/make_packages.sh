#!/usr/bin/env bash
# Sets everything up on Debian 12 or 13 (root or sudo), builds, and packs build/packages/ppo_train_*.deb and
# build/packages/ppo_train-*.tar.gz.
#   bash scripts/make_packages.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
install_packages "${BUILD_PACKAGES[@]}" "${PACKAGE_PACKAGES[@]}"
build release -DPPO_BUILD_TESTS=OFF
rm -rf build/packages
cpack --config build/release/CPackConfig.cmake -B build/packages >build/packages.log || { cat build/packages.log >&2; exit 1; }
rm -r build/packages/_CPack_Packages
ls build/packages/*
