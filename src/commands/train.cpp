#include "commands/train.hpp"

#include <memory>
#include <optional>
#include <vector>

#include "engine/engine.hpp"
#include "run/checkpoint.hpp"
#include "training/initial_policy.hpp"
#include "training/training.hpp"

namespace ppo {

int run_train(TrainRequest request) {
  std::vector<TrainedPolicy> initial;
  if (!request.config.init_from.empty()) initial = read_initial_policies(request.config);
  const std::uint64_t besides =
      request.keep_nothing ? evaluating_bytes(request.config) : keeping_bytes(request.config);
  const std::unique_ptr<Engine> engine = make_engine(request.config, {}, besides);
  start_from(initial, *engine);
  const StopSignals signals;
  std::optional<RunFolder> folder;
  if (!request.keep_nothing) folder.emplace(request);
  return train_to_the_end({.request = request,
                           .engine = *engine,
                           .folder = folder ? &*folder : nullptr,
                           .signals = signals,
                           .outcome = no_outcome_yet(request.config)});
}

}  // namespace ppo
