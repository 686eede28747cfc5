#include "config/options.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "config/environment_names.hpp"
#include "config/nearest.hpp"

namespace ppo {
namespace {

template <auto Member>
Field hyper(Config& config) {
  return &(config.hyper.*Member);
}
template <auto Member>
Field experiment(Config& config) {
  return &(config.*Member);
}
template <auto Member>
Field run(Config& config) {
  return &(config.run.*Member);
}

std::vector<std::string> environments() {
  return {environment_names().begin(), environment_names().end()};
}

bool is_environment(std::string_view name) {
  return std::ranges::find(environment_names(), name) != environment_names().end();
}

std::vector<std::string> device_names() {
  return {"auto", "cpu", "cuda"};
}

std::vector<std::string> simd_names() {
  return {"auto", "avx512", "avx2", "scalar"};
}

bool is_simd(std::string_view name) {
  const std::vector<std::string> names = simd_names();
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Besides the names: cuda:0, cuda:1, ... Whether such a device is there shows when it is opened.
bool is_device(std::string_view name) {
  const std::vector<std::string> names = device_names();
  if (std::find(names.begin(), names.end(), name) != names.end()) return true;
  if (!name.starts_with("cuda:")) return false;
  const std::string_view index = name.substr(5);
  return !index.empty() && index.size() <= 3 &&
         index.find_first_not_of("0123456789") == std::string_view::npos;
}

constexpr std::int64_t kInt32Max = std::numeric_limits<std::int32_t>::max();
constexpr float kHuge = 1e30F;
constexpr std::int64_t kMostTimesteps = 1'000'000'000'000'000;  // a year at 30 M steps/s

constexpr auto kOptions = std::to_array<Option>({
    {"env", "Run", Name{"an environment", environments, is_environment}, "",
     "what the agent learns to control", experiment<&Config::env>},
    {"seed", "Run", Whole{0}, "", "fixes every random number: the same seed gives the same bytes",
     hyper<&Hyper::seed>},
    {"num_seeds", "Run", Whole{1, 65536}, "", "agents to train, with seeds seed, seed + 1, ...",
     experiment<&Config::num_seeds>},
    {"total_timesteps", "Run", Whole{1, kMostTimesteps}, "environment steps",
     "training of one agent, rounded down to whole updates", hyper<&Hyper::total_timesteps>},
    {"device", "Run", Name{"a device", device_names, is_device, "cuda:N"}, "",
     "where to train; auto is the best that this build and machine have, cuda:N one GPU of several; "
     "the result is the same",
     run<&RunOptions::device>},
    {"simd", "Run", Name{"an instruction-set level", simd_names, is_simd}, "",
     "instructions of the CPU engine; auto is the best of this machine; the result is the same",
     run<&RunOptions::simd>},
    {"threads", "Run", Whole{0, 1024}, "",
     "of the CPU engine, 0: the cores it may use; the result is the same", run<&RunOptions::threads>},
    {"blocks_per_agent", "Run", Whole{0, 65535}, "",
     "of the CUDA engine, 0: as many as help and fit; the result is the same",
     run<&RunOptions::blocks_per_agent>},
    {"updates_per_launch", "Run", Whole{0, 4096}, "updates",
     "of the CUDA engine at most, 0: about 10 ms of work; never above 65536 / num_seeds; "
     "the result is the same",
     run<&RunOptions::updates_per_launch>},
    {"log_every", "Run", Whole{1}, "updates", "between two lines of progress when not on a terminal",
     run<&RunOptions::log_every>},
    {"checkpoint_every", "Run", Whole{0}, "updates",
     "between two checkpoints, besides those at start, end, stop and every 30 s; 0: only those",
     run<&RunOptions::checkpoint_every>},
    {"keep", "Run", Whole{1, 1'000'000}, "", "of the newest checkpoints; older ones are removed",
     run<&RunOptions::keep>},

    {"num_envs", "Rollout", Whole{1, 1 << 20}, "", "environments played side by side",
     hyper<&Hyper::num_envs>},
    {"num_steps", "Rollout", Whole{1, 1 << 20}, "steps", "played in each environment between updates",
     hyper<&Hyper::num_steps>},
    {"max_episode_steps", "Rollout", Whole{0, kInt32Max}, "steps", "time limit of an episode, 0: none",
     hyper<&Hyper::max_episode_steps>},
    {"gamma", "Rollout", Real{0, 1}, "1/step", "discount of later rewards", hyper<&Hyper::gamma>},
    {"gae_lambda", "Rollout", Real{0, 1}, "", "advantages from one-step errors (0) to whole returns (1)",
     hyper<&Hyper::gae_lambda>},

    {"lr", "Learning", Real{0, 1, true}, "", "learning rate of Adam", hyper<&Hyper::lr>},
    {"anneal_lr", "Learning", Switch{}, "", "lower lr linearly, to 0 after the last update",
     hyper<&Hyper::anneal_lr>},
    {"num_minibatches", "Learning", Whole{1, 1 << 30}, "", "equal parts of the batch, a step of Adam each",
     hyper<&Hyper::num_minibatches>},
    {"update_epochs", "Learning", Whole{1, 1000}, "", "passes over the batch in an update",
     hyper<&Hyper::update_epochs>},
    {"norm_adv", "Learning", Switch{}, "", "normalise the advantages over the batch",
     hyper<&Hyper::norm_adv>},
    {"clip_coef", "Learning", Real{0, 10, true}, "", "how far the probability ratio may leave 1",
     hyper<&Hyper::clip_coef>},
    {"clip_vloss", "Learning", Switch{}, "", "clip the change of the value by clip_coef too",
     hyper<&Hyper::clip_vloss>},
    {"ent_coef", "Learning", Real{0, kHuge}, "", "weight of the entropy bonus", hyper<&Hyper::ent_coef>},
    {"vf_coef", "Learning", Real{0, kHuge}, "", "weight of the value loss", hyper<&Hyper::vf_coef>},
    {"max_grad_norm", "Learning", Real{0, kHuge, true}, "",
     "longer gradients are scaled down to this length; 1e30 lets all pass", hyper<&Hyper::max_grad_norm>},
    {"target_kl", "Learning", Real{0, kHuge}, "nat",
     "no further epoch after one with a larger mean approximate KL, 0: off", hyper<&Hyper::target_kl>},
});

}  // namespace

std::span<const Option> options() {
  return kOptions;
}

const Option* find_option(std::string_view key) {
  const auto found =
      std::find_if(kOptions.begin(), kOptions.end(), [&](const Option& o) { return o.key == key; });
  return found == kOptions.end() ? nullptr : &*found;
}

bool may_change(const Option& option) {
  Config config;
  const auto address = std::visit([](const auto* field) { return reinterpret_cast<std::uintptr_t>(field); },
                                  option.field(config));
  const auto run = reinterpret_cast<std::uintptr_t>(&config.run);
  return address >= run && address < run + sizeof config.run;
}

std::string suggest_key(std::string_view wrong) {
  std::vector<std::string> names;
  for (const Option& option : kOptions) names.emplace_back(option.key);
  return suggest(own_name(wrong), names);
}

std::string help_with_unit(const Option& option) {
  std::string text(option.help);
  if (!option.unit.empty()) text += " [" + std::string(option.unit) + "]";
  return text;
}

std::string value_text(const Config& config, const Option& option) {
  Config copy = config;  // a Field is a pointer to what may be changed
  return field_text(option.field(copy));
}

bool store(const Option& option, const Value& value, Config& config) {
  return store(option.domain, value, option.field(config));
}

}  // namespace ppo
