// What is said of a training run at its end.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "run/records.hpp"
#include "terminal/colour.hpp"

namespace ppo {

struct SummaryLine {
  std::string label;  // in its colour; empty: the line above goes on
  std::string text;
  /// In one line, however long: a path that is broken at its spaces could not be copied.
  bool is_whole = false;
};

/// `folder`: where the run is saved, if it is. `has_checkpoint`: one can go on with it.
std::vector<SummaryLine> summary_of(const Config& config, const Outcome& outcome,
                                    const std::optional<std::filesystem::path>& folder, bool has_checkpoint,
                                    const Style& style);

}  // namespace ppo
