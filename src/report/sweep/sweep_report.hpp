// The report of a sweep.
#pragma once

#include <filesystem>

namespace ppo {

/// Writes the page of this sweep to `file`. Throws Failure.
void write_sweep_report(const std::filesystem::path& folder, const std::filesystem::path& file);

/// The return of the best trials and of the config as it stands, as a still. Throws Failure.
void write_sweep_still(const std::filesystem::path& folder, const std::filesystem::path& file);

}  // namespace ppo
