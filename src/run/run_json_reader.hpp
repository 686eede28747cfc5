// Reads run.json, which describes how a run ended.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "run/evaluation.hpp"

namespace ppo {

/// The best of an agent's evaluations.
struct BestEvaluation {
  EvalScore score;
  std::int64_t steps;  // of training before it
  std::string policy_hash;
};

struct RunEnding {
  std::string version;
  std::uint64_t numerics_version = 0;
  std::vector<std::string> command_line;
  std::string finished;                   // UTC
  std::optional<std::string> stopped_by;  // before its end: a signal's name, "diverged" or "fault"
  std::int64_t updates = 0;               // made
  std::string device;
  std::vector<std::optional<std::string>> param_hashes;     // [K]
  std::vector<std::optional<std::string>> policy_hashes;    // [K] where there are statistics
  std::vector<std::optional<BestEvaluation>> best;          // [K]; nothing of one that was never evaluated
  std::vector<std::optional<std::int64_t>> stopped_at;      // [K] updates; empty: without stop_at_return
  std::vector<std::pair<std::string, std::string>> engine;  // name, value: simd, threads, gpu, ...
  std::vector<std::pair<std::string, std::string>> machine;

  bool diverged() const;

  /// All agents have reached stop_at_return.
  bool all_stopped() const;

  /// All agents have an evaluation that is their best.
  bool all_have_best() const;
};

/// Throws Failure(kWrongInput), naming the file, for a text that no run writes.
RunEnding parse_run_json(std::string_view text, const std::string& file);

/// That of a run of so many agents. Nothing when the file is not there: the run has not ended, or was killed.
/// Throws Failure(kWrongInput) when it is damaged.
std::optional<RunEnding> read_run_json(const std::filesystem::path& file, std::int64_t num_agents);

}  // namespace ppo
