#!/usr/bin/env bash
# Sets everything up on Debian 12 or 13 (root or sudo), builds and runs all tests but the exhaustive ones.
#   bash scripts/test.sh [ARGUMENTS]     ARGUMENTS go to ctest, for example: -L unit
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
install_packages "${BUILD_PACKAGES[@]}" "${PACKAGE_PACKAGES[@]}" "${TEST_PACKAGES[@]}"
# From the network, while the compilers work.
{ make_python python tests/python/requirements.txt; make_python wheel-tools python/tools.txt; } &
pythons=$!
build release -DPPO_BUILD_TESTS=ON
wait "$pythons" || echo "Without these, tests are skipped, which counts as a failure in the end" >&2

results=build/release/tests.xml
status=0
ctest --preset release -j "$(nproc)" --output-junit "$PWD/$results" "$@" || status=$?

# A test that skips itself unexpectedly is a test that has stopped testing: only those named in the file may.
skipped=$(sed -n 's/.*<testcase name="\([^"]*\)".*status="notrun".*/\1/p' "$results" | sort)
expected=$(grep -v '^#' tests/expected_skips.txt | sed 's/\./\\./g; s/\*/.*/g')
unexpected=$(grep -vxe "$expected" <<<"$skipped" | sed '/^$/d' || true)
if [ -n "$unexpected" ]; then
  printf 'Skipped, but not named in tests/expected_skips.txt:\n%s\n' "$unexpected" >&2
  status=1
fi
exit "$status"
