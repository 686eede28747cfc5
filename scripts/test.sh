#!/usr/bin/env bash
# Sets everything up on Debian 12 or 13 (root or sudo), builds and runs all tests but the exhaustive ones.
#   bash scripts/test.sh [ARGUMENTS]     ARGUMENTS go to ctest, for example: -L unit
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
install_packages "${BUILD_PACKAGES[@]}" "${PACKAGE_PACKAGES[@]}" "${TEST_PACKAGES[@]}"
build release -DPPO_BUILD_TESTS=ON

# build/python: what the tests in tests/python import, made anew when its requirements have changed.
make_python() {
  local requirements=tests/python/requirements.txt log=build/python.log
  cmp -s "$requirements" build/python/requirements.txt && return 0
  echo "Making build/python"
  rm -rf build/python
  if ! { python3 -m venv build/python && build/python/bin/pip install -r "$requirements"; } >"$log" 2>&1; then
    tail -5 "$log" >&2
    echo "No build/python, so the tests of tests/python are skipped, which counts as a failure in the end" >&2
    rm -rf build/python
    return 0
  fi
  cp "$requirements" build/python/requirements.txt
}
make_python

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
