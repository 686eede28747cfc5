// PPO of rl_tools on CartPole; prints a line for every update.
//
//   rl_tools_ppo SEED UPDATES
//
// rl_tools fixes everything but the seed when it is compiled: the keys of the config come as macros of the
// same names in capitals after PPO_. Its policies are Gaussians, so the one action pushes to the right where
// it is above 0. A line holds the episodes that ended in the update, the sum of their returns, and
// CLOCK_MONOTONIC [s] at its end; the first line holds the clock before the first update.

// rl_tools needs this order.
// clang-format off
#include <rl_tools/operations/cpu_mux.h>
#include <rl_tools/nn/optimizers/adam/instance/operations_generic.h>
#include <rl_tools/nn/operations_cpu_mux.h>
#include <rl_tools/nn/layers/standardize/operations_generic.h>
#include <rl_tools/nn_models/mlp_unconditional_stddev/operations_generic.h>
#include <rl_tools/nn_models/sequential/operations_generic.h>
#include <rl_tools/nn/optimizers/adam/operations_generic.h>
#include <rl_tools/rl/environments/environments.h>
#include <rl_tools/rl/environments/operations_generic.h>
#include <rl_tools/rl/algorithms/ppo/loop/core/config.h>
#include <rl_tools/rl/algorithms/ppo/loop/core/operations_generic.h>
// clang-format on

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace rlt = rl_tools;

// Gymnasium's CartPole-v1, as rl_tools wants an environment.
namespace cartpole {

struct State {
  static constexpr int DIM = 4;
  float x;          // [m]
  float x_dot;      // [m/s]
  float theta;      // from upright [rad]
  float theta_dot;  // [rad/s]
};

struct Everything {
  static constexpr int DIM = 4;
};

struct NoParameters {};

template <class Index>
struct CartPole : rlt::rl::environments::Environment<float, Index> {
  using T = float;
  using TI = Index;
  using State = cartpole::State;
  using Parameters = NoParameters;
  using Observation = Everything;
  using ObservationPrivileged = Everything;
  static constexpr TI ACTION_DIM = 1;
  static constexpr TI EPISODE_STEP_LIMIT = PPO_MAX_EPISODE_STEPS;  // 0: none
};

template <class Device, class Index>
void malloc(Device&, const CartPole<Index>&) {}

template <class Device, class Index>
void free(Device&, const CartPole<Index>&) {}

template <class Device, class Index>
void init(Device&, const CartPole<Index>&) {}

template <class Device, class Index>
void initial_parameters(Device&, const CartPole<Index>&, NoParameters&) {}

template <class Device, class Index, class Rng>
void sample_initial_parameters(Device&, const CartPole<Index>&, NoParameters&, Rng&) {}

template <class Device, class Index>
void initial_state(Device&, const CartPole<Index>&, NoParameters&, State& state) {
  state = {};
}

template <class Device, class Index, class Rng>
void sample_initial_state(Device& device, const CartPole<Index>&, NoParameters&, State& state, Rng& rng) {
  for (float* part : {&state.x, &state.x_dot, &state.theta, &state.theta_dot}) {
    *part = rlt::random::uniform_real_distribution(device.random, -0.05F, 0.05F, rng);
  }
}

template <class Device, class Index, class ActionSpec, class Rng>
float step(Device&, const CartPole<Index>&, NoParameters&, const State& state,
           const rlt::Matrix<ActionSpec>& action, State& next, Rng&) {
  const float force = rlt::get(action, 0, 0) > 0 ? 10.0F : -10.0F;
  const float sin = std::sin(state.theta);
  const float cos = std::cos(state.theta);
  const float push = (force + 0.05F * state.theta_dot * state.theta_dot * sin) / 1.1F;
  const float theta_acc = (9.8F * sin - cos * push) / (0.5F * (4.0F / 3.0F - 0.1F * cos * cos / 1.1F));
  const float x_acc = push - 0.05F * theta_acc * cos / 1.1F;
  constexpr float tau = 0.02F;  // [s]
  next = {state.x + tau * state.x_dot, state.x_dot + tau * x_acc, state.theta + tau * state.theta_dot,
          state.theta_dot + tau * theta_acc};
  return tau;
}

template <class Device, class Index, class ActionSpec, class Rng>
float reward(Device&, const CartPole<Index>&, NoParameters&, const State&, const rlt::Matrix<ActionSpec>&,
             const State&, Rng&) {
  return 1.0F;
}

template <class Device, class Index, class ObservationSpec, class Rng>
void observe(Device&, const CartPole<Index>&, const NoParameters&, const State& state, const Everything&,
             rlt::Matrix<ObservationSpec>& observation, Rng&) {
  rlt::set(observation, 0, 0, state.x);
  rlt::set(observation, 0, 1, state.x_dot);
  rlt::set(observation, 0, 2, state.theta);
  rlt::set(observation, 0, 3, state.theta_dot);
}

template <class Device, class Index, class Rng>
bool terminated(Device&, const CartPole<Index>&, NoParameters&, const State& state, Rng&) {
  return std::abs(state.x) > 2.4F || std::abs(state.theta) > 0.20943951F;
}

}  // namespace cartpole

namespace {

using Device = rlt::devices::DEVICE_FACTORY<>;
using Index = Device::index_t;
using Rng = Device::SPEC::RANDOM::ENGINE<>;
using Numbers = rlt::numeric_types::Policy<float>;
using Env = cartpole::CartPole<Index>;

// Its defaults, but for what the config names.
struct Parameters : rlt::rl::algorithms::ppo::loop::core::DefaultParameters<Numbers, Index, Env> {
  static constexpr Index N_ENVIRONMENTS = PPO_NUM_ENVS;
  static constexpr Index ON_POLICY_RUNNER_STEPS_PER_ENV = PPO_NUM_STEPS;
  static constexpr Index BATCH_SIZE = PPO_NUM_ENVS * PPO_NUM_STEPS / PPO_NUM_MINIBATCHES;
  static constexpr Index EPISODE_STEP_LIMIT = PPO_MAX_EPISODE_STEPS;
  static constexpr Index STEP_LIMIT = 1'000'000'000;  // updates; main counts them
  static constexpr auto ACTOR_ACTIVATION_FUNCTION =
      rlt::nn::activation_functions::ActivationFunction::FAST_TANH;
  static constexpr auto CRITIC_ACTIVATION_FUNCTION = ACTOR_ACTIVATION_FUNCTION;

  using OPTIMIZER_PARAMETERS = rlt::nn::optimizers::adam::DEFAULT_PARAMETERS_PYTORCH<Numbers>;

  struct PPO_PARAMETERS : rlt::rl::algorithms::ppo::DefaultParameters<Numbers, Index, BATCH_SIZE> {
    static constexpr float GAMMA = PPO_GAMMA;
    static constexpr float LAMBDA = PPO_GAE_LAMBDA;
    static constexpr float EPSILON_CLIP = PPO_CLIP_COEF;
    static constexpr float ACTION_ENTROPY_COEFFICIENT = PPO_ENT_COEF;
    static constexpr bool NORMALIZE_ADVANTAGE = PPO_NORM_ADV;
    static constexpr Index N_EPOCHS = PPO_UPDATE_EPOCHS;
  };
};

using Config = rlt::rl::algorithms::ppo::loop::core::Config<Numbers, Index, Rng, Env, Parameters>;

double clock_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Follows the lengths of the episodes, which are their returns.
class Episodes {
 public:
  template <class Dataset>
  void print(const Dataset& dataset) {
    Index ended = 0;
    Index return_sum = 0;
    for (Index t = 0; t < PPO_NUM_STEPS; ++t) {
      for (Index n = 0; n < PPO_NUM_ENVS; ++n) {
        ++length_[n];
        if (rlt::get(dataset.truncated, t * PPO_NUM_ENVS + n, 0) == 0) continue;  // set at any end
        ++ended;
        return_sum += length_[n];
        length_[n] = 0;
      }
    }
    std::printf("%lu %lu %.6f\n", static_cast<unsigned long>(ended), static_cast<unsigned long>(return_sum),
                clock_s());
  }

 private:
  std::vector<Index> length_ = std::vector<Index>(PPO_NUM_ENVS);
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const auto seed = static_cast<Index>(std::strtoull(argv[1], nullptr, 10));
  const auto updates = static_cast<Index>(std::strtoull(argv[2], nullptr, 10));
  static Config::State<Config> training;  // large
  Device device;
  rlt::init(device);
  rlt::malloc(device, training);
  rlt::init(device, training, seed);
  Episodes episodes;
  std::printf("%.6f\n", clock_s());
  for (Index update = 0; update < updates; ++update) {
    const float left = PPO_ANNEAL_LR ? 1.0F - static_cast<float>(update) / static_cast<float>(updates) : 1.0F;
    training.actor_optimizer.parameters.alpha = PPO_LR * left;  // the critic's too
    rlt::step(device, training);
    episodes.print(training.on_policy_runner_dataset);
  }
}
