#!/usr/bin/env bash
# Runs a test script with the Python that scripts/test.sh makes; without that it skips (77).
#   bash tests/python/run.sh PYTHON SCRIPT [ARGUMENTS]
set -euo pipefail
if [ ! -x "$1" ]; then
  echo "There is no $1; bash scripts/test.sh makes it"
  exit 77
fi
exec "$@"
