// Training that diverged: which number is not finite first, why most likely, and what is left.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "config/config.hpp"
#include "run/records.hpp"

namespace ppo {

/// "the value loss of agent 0 is not finite in update 3; most likely ...", if one of an update's numbers is
/// not; "reward of environment 5 of agent 0 is not finite at step 17 of ..." if the environment gave one.
std::optional<std::string> find_divergence(std::span<const Record> records, const Config& config);

/// The same of an agent's parameters after an update.
std::string parameter_divergence(std::size_t agent, std::int64_t update);

/// What to say of the run; `newest` is its last good checkpoint, if there is one.
std::string divergence_message(const std::string& divergence,
                               const std::optional<std::filesystem::path>& newest);

}  // namespace ppo
