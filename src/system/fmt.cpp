// The one place where {fmt} is compiled: elsewhere its headers only declare it, which spares every source
// that formats two seconds of compilation. Debian has it as a shared library only, and a program to copy
// should need no library.
#define FMT_HEADER_ONLY 1
#include <fmt/format.h>

namespace ppo {

/// All that fmt::format leaves to the library: defined where its address is taken.
[[gnu::used]] static constexpr std::string (*kFormat)(fmt::string_view, fmt::format_args) = &fmt::vformat;

}  // namespace ppo
