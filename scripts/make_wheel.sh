#!/usr/bin/env bash
# Builds the wheel of python/ into build/wheels, with the tags of the systems that it runs on, and checks it. On Debian 12 or
# 13; root or sudo where packages are missing.
#   bash scripts/make_wheel.sh [BUILD]     BUILD: the folder to build the program in, default build/wheel
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
install_packages "${BUILD_PACKAGES[@]}" python3 python3-venv
build_folder=${1:-build/wheel}
tools=build/wheel-tools

if ! cmp -s python/tools.txt $tools/tools.txt; then
  rm -rf $tools
  python3 -m venv $tools
  $tools/bin/pip install -q -r python/tools.txt
  cp python/tools.txt $tools
fi
export PATH=$PWD/$tools/bin:$PATH

rm -rf build/wheels
mkdir -p build/wheels "$build_folder"
raw=$(mktemp -d)
trap 'rm -rf "$raw"' EXIT
python -m build --wheel --no-isolation -C build-dir="$(realpath "$build_folder")" -o "$raw" python
# The tag says which glibc the program asks for. auditwheel would bring libraries along, of which there should be none.
auditwheel repair --only-plat -w build/wheels "$raw"/*.whl
wheel=$(realpath build/wheels/*.whl)
twine check --strict "$wheel"

# As a user has it: in a Python of its own, without PPO_TRAIN_BINARY and without the source tree.
python3 -m venv "$raw/user"
"$raw/user/bin/pip" install -q "$wheel"
"$raw/user/bin/python" -I tests/package/wheel_check.py "$wheel"
ls -l "$wheel"
