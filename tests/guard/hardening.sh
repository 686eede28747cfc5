#!/usr/bin/env bash
# Whether a program has what cmake/hardening.cmake asks for: read from the program itself, so that no change of compiler,
# flags or build type takes it away unseen.
#   bash tests/guard/hardening.sh PROGRAM
set -euo pipefail

program=$1
export LC_ALL=C
header=$(readelf --wide --file-header "$program")
segments=$(readelf --wide --program-headers "$program")
dynamic=$(readelf --wide --dynamic "$program")
symbols=$(readelf --wide --dyn-syms "$program")
status=0

# expect WHAT TEXT PATTERN: a line of TEXT matches.
expect() {
  grep -qE -- "$3" <<<"$2" && return 0
  echo "$program lacks $1"
  status=1
}

# refuse WHAT TEXT PATTERN: none does.
refuse() {
  grep -qE -- "$3" <<<"$2" || return 0
  echo "$program has $1"
  status=1
}

expect "a random address (PIE)" "$header" 'Type: +DYN'
expect "a random address (PIE)" "$dynamic" 'FLAGS_1.*\bPIE\b'
expect "tables that become read-only (GNU_RELRO)" "$segments" 'GNU_RELRO'
expect "symbols bound before main (BIND_NOW)" "$dynamic" '\(FLAGS\).*\bBIND_NOW\b|FLAGS_1.*\bNOW\b'
expect "a stack without code" "$segments" 'GNU_STACK.* RW '
# Not just the symbol: a library linked into the program may bring a few calls of its own.
protected=$(objdump -d "$program" | grep -cE '(call|bl)\b.*<__stack_chk_fail' || true)
[ "$protected" -ge 100 ] || { echo "$program lacks the stack protector: only $protected functions have it"; status=1; }
expect "the checks of _FORTIFY_SOURCE" "$symbols" 'UND __(memcpy|memmove|snprintf|read|memset|fread|longjmp)_chk@'
expect "the preconditions of the standard library" "$symbols" 'UND _ZSt21__glibcxx_assert_fail'
refuse "code that is relocated (TEXTREL)" "$dynamic" '\bTEXTREL\b'
refuse "memory that is both written and executed" "$segments" '^ +[A-Z_]+ .* RWE '
exit "$status"
