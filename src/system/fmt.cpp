// The one place where {fmt} is compiled: elsewhere its headers only declare it, which spares every source
// that formats two seconds of compilation. Debian has it as a shared library only, and a program to copy
// should need no library.
#include <fmt/format-inl.h>

// Declared as instantiated elsewhere: here.
template auto fmt::detail::thousands_sep_impl<char>(locale_ref) -> thousands_sep_result<char>;
template auto fmt::detail::decimal_point_impl<char>(locale_ref) -> char;
