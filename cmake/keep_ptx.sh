#!/bin/sh
# A launcher for nvcc with -Xptxas=-v: leaves what ptxas says about each kernel in OBJECT.ptxas and the PTX of each
# architecture in the folder OBJECT.ptx, where bench/ptxas_report.py and bench/ptx_check.py read them, and passes on
# everything else.
set -u
previous=
object=
for argument in "$@"; do
  [ "$previous" != -o ] || object=$argument
  previous=$argument
done
rm -rf "$object.ptx"
mkdir "$object.ptx" || exit 1
"$@" --keep --keep-dir "$object.ptx" 2>"$object.ptxas"
status=$?
grep -vE '^ptxas info|bytes stack frame|^$' "$object.ptxas" >&2
find "$object.ptx" -type f ! -name '*.ptx' -delete
exit "$status"
