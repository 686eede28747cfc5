#!/usr/bin/env bash
# Sets everything up on Debian 12 or 13 (root or sudo), builds and trains.
#   bash scripts/train.sh [ARGUMENTS]    ARGUMENTS go to ppo_train; without any it trains cartpole.toml
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
install_packages "${BUILD_PACKAGES[@]}"
build release -DPPO_BUILD_TESTS=OFF
[ $# -gt 0 ] || set -- --config cartpole.toml
exec build/release/ppo_train "$@"
