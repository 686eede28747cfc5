#!/usr/bin/env bash
# Sets everything up on Debian 12 or 13 (root or sudo), builds, and packs build/wheels/ppo_train-*.whl.
#   bash scripts/make_wheel.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
install_packages "${BUILD_PACKAGES[@]}" python3 python3-venv
build release -DPPO_BUILD_TESTS=OFF
make_python wheel-tools python/tools.txt
bash python/pack_wheel.sh build/release/onefile/ppo_train build/wheels build/wheel-tools
