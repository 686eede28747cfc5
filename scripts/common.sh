# Shared by train.sh and test.sh: installs what a bare Debian 12 lacks, and builds build/release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# install_packages PACKAGE...: those that are missing, with root's rights or through sudo.
install_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "Missing packages: ${missing[*]}" >&2
      echo "Install them as root, or see \"Without root\" in README.md." >&2
      exit 1
    fi
    as_root=(sudo)
  fi
  echo "Installing: ${missing[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

BUILD_PACKAGES=(g++ cmake ninja-build libcli11-dev nlohmann-json3-dev libtomlplusplus-dev libgif-dev libstb-dev
                libjs-dygraphs)
TEST_PACKAGES=(libgtest-dev clang libclang-rt-dev clang-format valgrind python3 python3-venv chromium chromium-driver)

# build_release ON|OFF: configures and builds, with or without the tests. Quiet unless something goes wrong.
build_release() {
  local log=build/release/build.log
  mkdir -p build/release
  echo "Building build/release"
  if ! { cmake --preset release -DPPO_BUILD_TESTS="$1" && cmake --build --preset release; } >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
  fi
}
