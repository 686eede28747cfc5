// The one place where {fmt} is compiled: everywhere else its headers only declare it, which spares each
// source that formats two seconds of the compiler's time. Debian has it as a shared library only, and a
// program to copy should need no library.
#include <fmt/format-inl.h>
