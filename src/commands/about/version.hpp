// --version: the version, and what the build is made of.
#pragma once

#include <string_view>

namespace ppo {

struct VersionCommand {};

/// `commit` is that of the sources, perhaps with "-dirty"; empty if nobody knows. Returns 0.
int run_version(const VersionCommand& command, std::string_view commit);

}  // namespace ppo
