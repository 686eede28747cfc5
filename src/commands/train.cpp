#include "commands/train.hpp"

#include <memory>
#include <optional>
#include <vector>

#include "engine/engine.hpp"
#include "run/checkpoint.hpp"
#include "training/initial_policy.hpp"
#include "training/training.hpp"

namespace ppo {

namespace {

/// The agents go on from what others have learned, with fresh moments of Adam and fresh episodes.
void start_from(const std::vector<TrainedPolicy>& policies, Engine& engine) {
  for (std::size_t k = 0; k < policies.size(); ++k) {
    const auto agent = static_cast<std::int64_t>(k);
    AgentState state = engine.save(agent);
    state.params = policies[k].params;
    if (!policies[k].moments.empty()) state.moments = policies[k].moments;
    engine.load(agent, state);
  }
}

}  // namespace

int run_train(TrainRequest request) {
  std::vector<TrainedPolicy> initial;
  if (!request.config.init_from.empty()) initial = read_initial_policies(request.config);
  const std::uint64_t keeping = request.keep_nothing ? 0 : keeping_bytes(request.config);
  const std::unique_ptr<Engine> engine = make_engine(request.config, {}, keeping);
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
