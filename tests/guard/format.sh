#!/usr/bin/env bash
# Whether sources are formatted, checked by that version of clang-format only which tests/python/requirements.txt names:
# others format some constructs differently. Exit code 77: there is none of that version.
#   bash tests/guard/format.sh PYTHON FILE...     PYTHON: what scripts/test.sh makes, which has it
set -euo pipefail

python=$1
shift
version=$(sed -n 's/^clang-format==//p' "$(dirname "${BASH_SOURCE[0]}")/../python/requirements.txt")
for program in "$(dirname "$python")/clang-format" "clang-format-${version%%.*}" clang-format; do
  # "Debian clang-format version 14.0.6"
  if "$program" --version 2>/dev/null | grep -qE "version ${version//./\\.}( |-|\$)"; then
    exec "$program" --dry-run -Werror "$@"
  fi
done
echo "[  SKIPPED ] there is no clang-format $version; bash scripts/test.sh installs it"
exit 77
