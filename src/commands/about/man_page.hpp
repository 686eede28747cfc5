// The manual page, made from the same table as the help pages.
#pragma once

#include <string>

namespace ppo {

/// As roff, for man(1).
std::string man_page();

}  // namespace ppo
