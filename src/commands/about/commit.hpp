// The commit that the program was built from. Defined by a file that cmake/commit.cmake writes.
#pragma once

#include <string_view>

namespace ppo {

/// "1a2b3c4d5e6f", with "-dirty" if files differed from it; empty where the sources were no clone.
std::string_view commit();

}  // namespace ppo
