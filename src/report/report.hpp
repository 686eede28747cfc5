// The report verb: a page, or a still, of one or several runs.
#pragma once

#include <filesystem>
#include <span>

#include "config/command_line.hpp"

namespace ppo {

/// Writes the page or still. Returns 0; throws Failure.
int run_report(const ReportCommand& command);

/// Writes the page of these runs to `file`. Throws Failure.
void write_report(std::span<const std::filesystem::path> runs, const std::filesystem::path& file);

}  // namespace ppo
