#!/usr/bin/env bash
# Kills runs with SIGKILL at random moments, resumes them, and holds what they end with to the run that nobody has
# killed; any difference fails. CI does up to 100, this as many as you like:
#   bash scripts/kill_test.sh [COUNT] [FIRST_SEED]     default 1000, 1; build/release must be built with its tests
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PPO_KILL_COUNT=${1:-1000} PPO_KILL_SEED=${2:-1}
exec "${PPO_BUILD:-build/release}/tests/fault_tests" --gtest_filter='KillTest.*'
