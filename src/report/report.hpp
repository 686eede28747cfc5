// The report: one HTML page about one or more runs.
#pragma once

#include <filesystem>
#include <span>

namespace ppo {

/// Writes the page of these runs to `file`. Throws Failure.
void write_report(std::span<const std::filesystem::path> runs, const std::filesystem::path& file);

}  // namespace ppo
