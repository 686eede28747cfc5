#!/usr/bin/env bash
# Packs a program that is already built, and the module beside this file, into a wheel; and tries it in a Python of its own.
#   bash python/pack_wheel.sh PROGRAM FOLDER TOOLS
#     PROGRAM  the packages' program, build/release/onefile/ppo_train
#     FOLDER   where the wheel goes, which is made anew
#     TOOLS    a Python environment with python/tools.txt; exit code 77 if it is not there
set -euo pipefail
program=$(realpath "$1") folder=$(realpath -m "$2") tools=$(realpath -m "$3")
[ -x "$tools/bin/auditwheel" ] || { echo "[  SKIPPED ] there is no $tools; bash scripts/test.sh makes it"; exit 77; }
export PATH=$tools/bin:$PATH
cd "$(dirname "${BASH_SOURCE[0]}")/.."

rm -rf "$folder"
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python -m build --wheel --no-isolation -C build-dir="$work/build" -C cmake.define.PPO_PROGRAM="$program" -o "$work" python
# The tag says which glibc the program asks for. auditwheel would bring libraries along, of which there should be none.
auditwheel repair --only-plat -w "$folder" "$work"/*.whl
wheel=$(realpath "$folder"/*.whl)
twine check --strict "$wheel"

# As a user has it: without PPO_TRAIN_BINARY and without the source tree.
python3 -m venv "$work/user"
"$work/user/bin/pip" install -q -c tests/python/requirements.txt "$wheel"
"$work/user/bin/pip" check
"$work/user/bin/python" -I tests/package/wheel_check.py "$wheel"
"$work/user/bin/pip" install -q -c tests/python/requirements.txt gymnasium
"$work/user/bin/python" -I tests/package/wheel_check.py WheelTest.test_plays_in_gymnasium "$wheel"
ls -l "$wheel"
