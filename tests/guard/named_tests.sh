#!/usr/bin/env bash
# Every test that a page of the documentation names exists: `label.Suite.Name`, where "..." leaves letters out and a
# second name of the same suite may start with its dot.
# And every line of SKIPS stands for a test: where one was renamed, its new name is missing.
#   bash tests/guard/named_tests.sh BUILD_FOLDER PAGE SKIPS
set -euo pipefail

tests=$(ctest --test-dir "$1" -N | sed -n 's/^ *Test *#[0-9]*: //p')
names=$(grep -oE '`((unit|golden|parity|learning|cli|fault|cuda|gpu|simt|guard)\.[A-Z]|\.[A-Za-z])[^` ]*`' "$2" | tr -d '`')
suite=
count=0
status=0
for name in $names; do
  case $name in .*) name=$suite$name ;; *) suite=${name%.*} ;; esac
  pattern=$(sed 's/\./\\./g; s/\\\.\\\.\\\./.*/' <<<"$name")
  count=$((count + 1))
  grep -q "^$pattern" <<<"$tests" || { echo "$2 names $name, which is no test"; status=1; }
done
echo "$2 names $count tests"
[ "$count" -gt 0 ] || status=1

while read -r line; do
  grep -qxe "$(sed 's/\./\\./g; s/\*/.*/g' <<<"$line")" <<<"$tests" || { echo "$3: $line stands for no test"; status=1; }
done < <(grep -v '^#' "$3")
exit "$status"
