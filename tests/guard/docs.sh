#!/usr/bin/env bash
# docs/config.md and docs/verbs.md are what scripts/make_docs.py makes of the program. Exit code 77: there is no Python.
#   bash tests/guard/docs.sh PPO_TRAIN
set -euo pipefail

command -v python3 >/dev/null || { echo "[  SKIPPED ] there is no python3"; exit 77; }
python3 "$(dirname "${BASH_SOURCE[0]}")/../../scripts/make_docs.py" "$1" --check
echo "The generated pages are up to date"
