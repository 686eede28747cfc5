// The environments that the fuzz targets know: cartpole by its name, but so small that a whole policy
// takes 1.5 kB and a whole checkpoint 5 kB. None of them can run.
#include "config/environment_names.hpp"
#include "engine/environment.hpp"

namespace ppo {

std::span<const Environment> environments() {
  static constexpr EnvironmentLoops kCartPole = {
      .info = {.name = "cartpole",
               .observation_size = 2,
               .actions = {.count = 3, .numbers = 1, .range = nullptr},
               .layout =
                   [](int) {
                     return Layout{2, 3, 4, 0};
                   },
               .state_bytes = 4,
               .solved_return = 475,
               .time_limit = 500,
               .draws_itself = true,
               .view = {},
               .step_seconds = 0.02F},
      .agent_bytes = nullptr,
      .scratch_bytes = nullptr,
      .init = nullptr,
      .update = nullptr,
      .params = nullptr,
      .trace_hash = nullptr,
      .save = nullptr,
      .load = nullptr,
      .evaluate = nullptr,
      .probe = nullptr};
#define PPO_CARTPOLE_OF_LEVEL(level) .level = &kCartPole,
  static constexpr Environment kTable[] = {{{PPO_EACH_LEVEL(PPO_CARTPOLE_OF_LEVEL)}, nullptr}};
  return kTable;
}

std::span<const std::string_view> environment_names() {
  static constexpr std::string_view kNames[] = {"cartpole"};
  return kNames;
}

}  // namespace ppo
