#include "train.hpp"

#include <memory>
#include <optional>

#include "engine.hpp"
#include "run/checkpoint.hpp"
#include "training.hpp"

namespace ppo {

int run_train(const TrainCommand& command) {
  const std::uint64_t keeping = command.keep_nothing ? 0 : keeping_bytes(command.config);
  const std::unique_ptr<Engine> engine = make_engine(command.config, {}, keeping);
  const StopSignals signals;
  std::optional<RunFolder> folder;
  if (!command.keep_nothing) folder.emplace(command);
  return train_to_the_end({.command = command,
                           .engine = *engine,
                           .folder = folder ? &*folder : nullptr,
                           .signals = signals,
                           .outcome = no_outcome_yet(command.config)});
}

}  // namespace ppo
