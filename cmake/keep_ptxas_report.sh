#!/bin/sh
# A launcher for nvcc with -Xptxas=-v: leaves what ptxas says about each kernel in OBJECT.ptxas, where
# bench/ptxas_report.py reads it, and passes on everything else.
set -u
previous=
object=
for argument in "$@"; do
  [ "$previous" != -o ] || object=$argument
  previous=$argument
done
"$@" 2>"$object.ptxas"
status=$?
grep -vE '^ptxas info|bytes stack frame|^$' "$object.ptxas" >&2
exit "$status"
