// Training that cannot go on: which number is not finite first, why most likely, and what is left.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "config/config.hpp"
#include "run/records.hpp"

namespace ppo {

struct Divergence {
  std::string what;
  bool is_fault = false;  // an environment's: its agent is as good as before the update
};

/// "reward of environment 5 of agent 0 is not finite at step 17 of ...", if the environment gave such a
/// number in this update; rows [K].
std::optional<Divergence> find_fault(std::span<const UpdateRow> rows, const Config& config);

/// "the value loss of agent 0 is not finite in update 3; most likely ...", if one of an update's numbers is
/// not.
std::optional<Divergence> find_divergence(std::span<const Record> records, const Config& config);

/// The same of an agent's parameters after an update.
Divergence parameter_divergence(std::size_t agent, std::int64_t update);

/// What to say of the run; `newest` is its last good checkpoint, if there is one.
std::string divergence_message(const Divergence& divergence,
                               const std::optional<std::filesystem::path>& newest);

/// The same of a fault after which the policy was saved in the run's folder; its newest checkpoint is that of
/// `update`, if there is one.
std::string fault_message(const Divergence& fault, const std::filesystem::path& run,
                          std::optional<std::int64_t> update);

}  // namespace ppo
