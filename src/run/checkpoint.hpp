// A checkpoint: everything a run needs to continue as if it had never stopped, in one safetensors file.
//
//   powers          F64 [K][2]     Adam's running products
//   slots.return    F64 [K][N]     of the running episodes
//   window.episodes I64 [E]        return_100: episodes of updates that ended some,
//   window.return   F64 [E]          the sums of their returns,
//   window.entries  I64 [K]          and how many such updates each agent has
//   solved_at_step  I64 [K]        0: not solved
//   trace           U64 [K]        0: not traced
//   params, moment1, moment2       F32 [K][P]
//   slots.length    I32 [K][N]     of the running episodes
//   slots.state     U8  [K][N][S]  the environments' states
//   slots.discounted F64 [K][N]    only of a run that normalises: discounted returns of the running episodes
//   moments.count   I64 [K][O+1]     and its running statistics, of each number of the observation and of the
//   moments.mean    F64 [K][O+1]     discounted return
//   moments.m2      F64 [K][O+1]
//   evaluated_at    I64 [1]        only of a run that is evaluated: after so many updates last, 0: not yet
//   best.update     I64 [K]          and each agent's best policy: after so many updates, 0: none yet,
//   best.return_mean, best.return_std F64 [K]  of its evaluation,
//   best.params     F32 [K][P]
//   best.moments.…                   as moments.…, if it normalises, too
//   stopped_at      I64 [K]        only of a run with stop_at_return: after so many updates, 0: trains
//   checksum        U64 [1]        FNV-1a of all bytes before it, so that no damage goes unseen
//
// Metadata: format, numerics_version, config (TOML), update (the next one to run), wall_s.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "engine/engine.hpp"
#include "formats/safetensors.hpp"
#include "run/checkpoint_reader.hpp"
#include "run/records.hpp"

namespace ppo {

/// The memory that evaluating such a run takes besides the engine [bytes], also where nothing is written: the
/// policies that play and the best ones. 0 if it is not evaluated.
std::uint64_t evaluating_bytes(const Config& config);

/// The most memory that keeping such a run takes besides the engine [bytes]: a checkpoint that is being
/// written, an agent's state on its way there, and the policy. Of one that is evaluated, also what evaluating
/// it takes, and the file of the best policies, twice.
std::uint64_t keeping_bytes(const Config& config);

/// The largest that the file of such a run's checkpoint can be [bytes].
std::uint64_t most_checkpoint_bytes(const Config& config);

/// The checkpoint of a run that has come as far as `outcome` says, but for its checksum. Nothing may be
/// queued in the engine.
SafeTensorsImage copy_state(const Config& config, const Engine& engine, const Outcome& outcome);

/// The file of such a copy, with its checksum, which takes longer than the copy.
std::string seal(SafeTensorsImage copy);

class Checkpoint {
 public:
  /// Throws as check_checkpoint; Failure(kWrongInput) when the file cannot be read, DamagedCheckpoint when it
  /// has more than `most_bytes`.
  Checkpoint(const std::filesystem::path& file, std::uint64_t most_bytes);
  /// The same of a run that is not known: the config in its head says how large it may be.
  explicit Checkpoint(const std::filesystem::path& file);
  Checkpoint(std::string bytes, const std::filesystem::path& file);

  const Config& config() const { return head_.config; }
  std::int64_t update() const { return head_.update; }  // the next one to run
  const std::filesystem::path& file() const { return file_; }
  const std::string& bytes() const { return image_.bytes; }  // of its file
  double wall_s() const { return head_.wall_s; }             // of training so far

  AgentState agent(std::int64_t k) const;
  std::vector<AgentProgress::Memory> progress() const;  // [K]
  std::int64_t steps(std::int64_t k) const;             // of training behind agent k
  std::int64_t evaluated_at() const;                    // 0: not yet
  std::vector<std::optional<BestPolicy>> best() const;  // [K]

 private:
  Checkpoint(SafeTensorsImage image, const std::filesystem::path& file);
  std::optional<std::int64_t> stopped_at(std::size_t k) const;

  std::filesystem::path file_;
  SafeTensorsImage image_;
  CheckpointHead head_;
  const EnvironmentInfo* environment_;
};

}  // namespace ppo
