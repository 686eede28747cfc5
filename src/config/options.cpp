#include "config/options.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "config/device_names.hpp"
#include "config/environment_names.hpp"
#include "config/nearest.hpp"
#include "system/processor/levels.hpp"
#include "system/program.hpp"
#include "system/text.hpp"

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
Field evaluation(Config& config) {
  return &(config.evaluation.*Member);
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

std::vector<std::string> simd_names() {
  std::vector<std::string> names = {"auto"};
  names.insert(names.end(), kLevelNames.begin(), kLevelNames.end());
  return names;
}

std::vector<std::string> activation_names() {
  return {kActivationNames.begin(), kActivationNames.end()};
}

/// What TOML can hold; or nothing.
bool is_path(std::string_view text) {
  return is_utf8(text) && text.find('\0') == std::string_view::npos;
}

/// Or nothing.
bool is_hash(std::string_view text) {
  return text.empty() || (text.size() == 18 && text.starts_with("0x") &&
                          text.find_first_not_of("0123456789abcdef", 2) == std::string_view::npos);
}

std::vector<std::int64_t> hidden_sizes() {
  return {32, 64, 128, 256};
}

std::vector<std::string> stop_names() {
  return {"eval", "return_100"};
}

template <std::vector<std::string> (*Names)()>
bool is_one_of(std::string_view name) {
  return std::ranges::count(Names(), name) > 0;
}

constexpr std::int64_t kInt32Max = std::numeric_limits<std::int32_t>::max();
constexpr float kHuge = 1e30F;
constexpr std::int64_t kMostTimesteps = 1'000'000'000'000'000;  // a year at 30 M steps/s

constexpr auto kOptions = std::to_array<Option>({
    {"env", "Run", Name{"an environment", environments, is_environment}, "", "environment to train on",
     experiment<&Config::env>},
    {"seed", "Run", Whole{0, kLastSeed}, "", "seed of all random numbers; the same seed gives the same bytes",
     hyper<&Hyper::seed>},
    {"num_seeds", "Run", Whole{1, 65536}, "", "number of agents to train, with seeds seed, seed + 1, ...",
     experiment<&Config::num_seeds>},
    {"total_timesteps", "Run", Whole{1, kMostTimesteps}, "environment steps",
     "length of training per agent, rounded down to whole updates", hyper<&Hyper::total_timesteps>},
    {"init_from", "Run",
     Text{"a path in UTF-8", is_path, "a run folder or FILE.safetensors, or empty", "PATH", "runs/cartpole"},
     "", "learned parameters and statistics to start from, instead of random ones",
     experiment<&Config::init_from>},
    {"init_from_hash", "Run",
     Text{"a hash", is_hash, "0x and 16 hexadecimal digits, or empty", "HASH", "0x0123456789abcdef"}, "",
     "hash that the parameters and statistics of init_from must have; recorded in the run's config.toml",
     experiment<&Config::init_from_hash>},
    {"device", "Run", Name{"a device", device_names, is_device, "cuda:N"}, "",
     "where to train; auto takes the engine that should be done first, cuda:N one of several GPUs, cuda:0,1 "
     "and cuda:all share the agents out to several; does not affect the result",
     run<&RunOptions::device>},
    {"simd", "Run", Name{"an instruction-set level", simd_names, is_one_of<simd_names>}, "",
     "instruction set of the CPU engine; auto picks the best available; does not affect the result",
     run<&RunOptions::simd>},
    {"threads", "Run", Whole{0, 1024}, "",
     "threads of the CPU engine, of each rank; 0 takes as many as are fastest, up to all that are available; "
     "does not affect the result",
     run<&RunOptions::threads>},
    {"blocks_per_agent", "Run", Whole{0, 65535}, "",
     "blocks per agent in the CUDA engine; 0 chooses the number; does not affect the result",
     run<&RunOptions::blocks_per_agent>},
    {"updates_per_launch", "Run", Whole{0, 4096}, "updates",
     "most updates per kernel launch of the CUDA engine; 0 means about 10 ms of work; never above 65536 / "
     "num_seeds; does not affect the result",
     run<&RunOptions::updates_per_launch>},
    {"log_every", "Run", Whole{1}, "updates",
     "interval between progress lines when the output is not a terminal", run<&RunOptions::log_every>},
    {"checkpoint_every", "Run", Whole{0}, "updates",
     "interval between extra checkpoints; 0 saves only at start, end, stop and every 30 s",
     run<&RunOptions::checkpoint_every>},
    {"keep", "Run", Whole{1, 1'000'000}, "", "how many of the newest checkpoints to keep",
     run<&RunOptions::keep>},

    {"num_envs", "Rollout", Whole{1, 1 << 20}, "", "number of parallel environments",
     hyper<&Hyper::num_envs>},
    {"num_steps", "Rollout", Whole{1, 1 << 20}, "steps", "rollout length: steps per environment and update",
     hyper<&Hyper::num_steps>},
    {"max_episode_steps", "Rollout", Whole{0, kInt32Max}, "steps", "time limit of an episode; 0 means none",
     hyper<&Hyper::max_episode_steps>},
    {"gamma", "Rollout", Real{0, 1}, "1/step", "discount factor of future rewards", hyper<&Hyper::gamma>},
    {"gae_lambda", "Rollout", Real{0, 1}, "", "lambda of GAE, from 0 (one-step errors) to 1 (whole returns)",
     hyper<&Hyper::gae_lambda>},

    {"norm_obs", "Rollout", Switch{}, "",
     "normalise observations by their running mean and standard deviation, clipped to +-10",
     hyper<&Hyper::norm_obs>},
    {"norm_reward", "Rollout", Switch{}, "",
     "divide rewards by the running standard deviation of the discounted return, clipped to +-10; returns "
     "are reported in the environment's own units",
     hyper<&Hyper::norm_reward>},

    {"hidden_size", "Network", OneOf{hidden_sizes}, "", "units of each of the two hidden layers",
     hyper<&Hyper::hidden_size>},
    {"activation", "Network", Name{"an activation", activation_names, is_one_of<activation_names>}, "",
     "activation of the hidden units", hyper<&Hyper::activation>},
    {"log_std_init", "Network", Real{-20, 5}, "",
     "log of the initial standard deviation of continuous actions; not used with init_from, which brings the "
     "learned one",
     hyper<&Hyper::log_std_init>},

    {"lr", "Learning", Real{0, 1, true}, "", "learning rate of Adam", hyper<&Hyper::lr>},
    {"anneal_lr", "Learning", Switch{}, "", "lower lr linearly to 0 over the whole training",
     hyper<&Hyper::anneal_lr>},
    {"num_minibatches", "Learning", Whole{1, kMostSamples}, "",
     "minibatches per epoch, with one step of Adam each", hyper<&Hyper::num_minibatches>},
    {"update_epochs", "Learning", Whole{1, 1000}, "", "passes over the batch per update",
     hyper<&Hyper::update_epochs>},
    {"norm_adv", "Learning", Switch{}, "", "normalise the advantages over the batch",
     hyper<&Hyper::norm_adv>},
    {"clip_coef", "Learning", Real{0, 10, true}, "", "clip range of the probability ratio around 1",
     hyper<&Hyper::clip_coef>},
    {"clip_vloss", "Learning", Switch{}, "", "also clip the change of the value by clip_coef",
     hyper<&Hyper::clip_vloss>},
    {"ent_coef", "Learning", Real{0, kHuge}, "", "weight of the entropy bonus", hyper<&Hyper::ent_coef>},
    {"vf_coef", "Learning", Real{0, kHuge}, "", "weight of the value loss", hyper<&Hyper::vf_coef>},
    {"max_grad_norm", "Learning", Real{0, kHuge, true}, "",
     "scale gradients with a larger global norm down to this; 1e30 means no clipping",
     hyper<&Hyper::max_grad_norm>},
    {"target_kl", "Learning", Real{0, kHuge}, "nat",
     "end an update after an epoch with a larger mean approximate KL; 0 means never",
     hyper<&Hyper::target_kl>},

    {"eval_every", "Evaluation", Whole{0}, "updates",
     "interval between evaluations, which play separate episodes; 0 means none",
     evaluation<&EvaluationPlan::eval_every>},
    {"eval_episodes", "Evaluation", Whole{1, 1'000'000}, "", "episodes of an evaluation, for each agent",
     evaluation<&EvaluationPlan::eval_episodes>},
    {"eval_greedy", "Evaluation", Switch{}, "",
     "evaluate with the most probable action (the mean of continuous ones) instead of a sampled one",
     evaluation<&EvaluationPlan::eval_greedy>},
    {"stop_at_return", "Evaluation", Real{.least = -kHuge, .most = kHuge, .or_inf = true}, "",
     "mean return at which an agent is done; inf means never", evaluation<&EvaluationPlan::stop_at_return>},
    {"stop_on", "Evaluation", Name{"a mean return", stop_names, is_one_of<stop_names>}, "",
     "what stop_at_return applies to: eval (the mean of an evaluation) or return_100 (the mean of the "
     "latest 100 training episodes)",
     evaluation<&EvaluationPlan::stop_on>},
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
  return suggest(wrong, names, "see " + program_name() + " help train, whose flags are the keys");
}

std::string help_with_unit(const Option& option) {
  std::string text(option.help);
  if (!option.unit.empty()) text += " [" + std::string(option.unit) + "]";
  return text;
}

std::string bare_text(const Config& config, const Option& option) {
  std::string text = value_text(config, option);
  std::erase(text, '"');
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
