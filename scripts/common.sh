# Shared by the scripts beside it: installs what a bare Debian lacks, and builds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

BUILD_PACKAGES=(g++ cmake ninja-build libcli11-dev nlohmann-json3-dev libtomlplusplus-dev libfmt-dev libgif-dev
                libstb-dev libjs-dygraphs)
PACKAGE_PACKAGES=(dpkg-dev file)
TEST_PACKAGES=(libgtest-dev libopenmpi-dev openmpi-bin clang libclang-rt-dev valgrind python3 python3-venv chromium chromium-driver
               zsh fish mandoc groff-base lintian)
ARM_PACKAGES=(g++-aarch64-linux-gnu qemu-user libfmt-dev:arm64 libgif-dev:arm64 libgtest-dev:arm64)

explain_by_hand() {
  cat >&2 <<'END'
There is no apt-get here, so this script cannot install what it needs. Install these by other means:
  g++ 12 or clang++ 14, or newer; CMake 3.25 or newer; Ninja
  CLI11, nlohmann-json, toml++ 3, fmt 9, giflib and stb (stb_image_write.h), with their headers
  dygraph.min.js and dygraph.min.css of dygraphs 2; say where they are with -DPPO_DYGRAPHS=FOLDER
  for the tests also GoogleTest
Then build and train:
  cmake --preset release -DPPO_BUILD_TESTS=OFF
  cmake --build --preset release
  build/release/ppo_train --config cartpole-v1
Or build the tests, too, and run them:
  cmake --preset release -DPPO_BUILD_TESTS=ON
  cmake --build --preset release
  ctest --preset release
END
}

# need_root WHAT: ends the script if there is no way to become root for that.
need_root() {
  if [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null; then return 0; fi
  echo "This takes root's rights, and there is no sudo: $1" >&2
  echo "Do it as root, or see \"Without root\" in docs/building.md." >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# is_installed PACKAGE[:ARCHITECTURE]
is_installed() {
  local architecture
  case $1 in *:*) architecture=${1#*:} ;; *) architecture=$(dpkg --print-architecture) ;; esac
  dpkg-query -W -f='${Architecture} ${db:Status-Status}\n' "$1" 2>/dev/null | grep -qxE "($architecture|all) installed"
}

# add_architecture ARCHITECTURE: of packages beside the system's own.
add_architecture() {
  dpkg --print-foreign-architectures | grep -qx "$1" && return 0
  need_root "letting dpkg have packages of $1"
  as_root dpkg --add-architecture "$1"
}

# install_packages PACKAGE[:ARCHITECTURE]...: those that are missing, with root's rights or through sudo.
install_packages() {
  command -v apt-get >/dev/null || { explain_by_hand; exit 1; }
  local missing=() package
  for package in "$@"; do is_installed "$package" || missing+=("$package"); done
  [ ${#missing[@]} -eq 0 ] && return 0
  need_root "installing ${missing[*]}"
  echo "Installing: ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# Where ccache is installed, objects are taken from it that were compiled from the same sources before, in whatever folder.
use_ccache() {
  command -v ccache >/dev/null || return 0
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache CMAKE_CUDA_COMPILER_LAUNCHER=ccache
  export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros
}

# quietly LOG COMMAND...: what it says goes to LOG, and is seen if it fails.
quietly() {
  local log=$1
  shift
  "$@" >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
}

# configure PRESET [ARGUMENT...], with ARGUMENTs for CMake. PPO_WERROR and PPO_CUDA_CODE (docs/building.md) may be set.
configure() {
  local preset=$1
  shift
  mkdir -p "build/$preset"
  echo "Building build/$preset"
  use_ccache
  quietly "build/$preset/configure.log" cmake --preset "$preset" -DPPO_WERROR="${PPO_WERROR:-OFF}" \
    ${PPO_CUDA_CODE:+-DPPO_CUDA_CODE="$PPO_CUDA_CODE"} "$@"
}

# build PRESET [ARGUMENT...]: configures, with ARGUMENTs for CMake, and builds.
build() {
  configure "$@"
  quietly "build/$1/build.log" cmake --build --preset "$1"
}

# make_python NAME REQUIREMENTS: build/NAME, a Python environment with these, made anew when they have changed.
make_python() {
  local folder=build/$1 requirements=$2 log=build/$1.log
  cmp -s "$requirements" "$folder/requirements.txt" && return 0
  echo "Making $folder"
  rm -rf "$folder"
  mkdir -p build
  if ! { python3 -m venv "$folder" && "$folder/bin/pip" install -r "$requirements"; } >"$log" 2>&1; then
    tail -5 "$log" >&2
    rm -rf "$folder"
    echo "No $folder" >&2
    return 1
  fi
  cp "$requirements" "$folder/requirements.txt"
}
