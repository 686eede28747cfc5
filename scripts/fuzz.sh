#!/usr/bin/env bash
# Fuzzes the readers for long.
#   bash scripts/fuzz.sh [TARGET|all] [RUNS|SECONDSs]     default: all, 10000000 executions each; 600s is ten minutes
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

target=${1:-all}
length=${2:-10000000}
case $length in
  *[!0-9s]* | s* | *s?*) echo "fuzz.sh [TARGET|all] [RUNS|SECONDSs]" >&2; exit 2 ;;
  *s) limit=-max_total_time=${length%s} ;;
  *) limit=-runs=$length ;;
esac
install_packages "${BUILD_PACKAGES[@]}" "${TEST_PACKAGES[@]}"
build release -DPPO_BUILD_TESTS=ON

programs=()
for source in tests/fuzz/fuzz_*.cpp; do
  name=$(basename "$source" .cpp)
  [ "$target" = all ] || [ "$name" = "fuzz_$target" ] || continue
  programs+=("build/release/tests/fuzz/$name")
done
[ ${#programs[@]} -gt 0 ] || { echo "There is no target $target in tests/fuzz" >&2; exit 2; }

status=0
for program in "${programs[@]}"; do bash tests/fuzz/session.sh "$program" "$limit" || status=1; done
exit "$status"
