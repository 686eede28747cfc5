// Checks a checkpoint file before any of it is used.
#pragma once

#include <cstdint>
#include <filesystem>

#include "config/config.hpp"
#include "formats/safetensors.hpp"
#include "system/errors.hpp"

namespace ppo {

/// Not what a run has written: the checkpoint before it may still be good.
class DamagedCheckpoint : public Failure {
 public:
  using Failure::Failure;
};

struct CheckpointHead {
  Config config;
  std::int64_t update;  // the next one to run
  double wall_s;        // of training so far
};

/// The config in the head of a file, of which no more is read, to judge its size by. Throws as
/// check_checkpoint.
Config read_checkpoint_config(const std::filesystem::path& file);

/// Checks all of the image; its tensors are then those that the config asks for, and what must be finite or
/// within limits is. Allocates nothing by the file's sizes. Throws Failure(kWrongInput), naming the file:
/// DamagedCheckpoint for everything that is not a whole checkpoint, Failure itself for one of another
/// numerics_version or of a config that this program does not know.
CheckpointHead check_checkpoint(const SafeTensorsImage& image, const std::filesystem::path& file);

}  // namespace ppo
