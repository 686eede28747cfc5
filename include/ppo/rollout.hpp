// Acting: one step of one environment, with time limit, auto-reset and episode bookkeeping.
#pragma once

#include "ppo/categorical.hpp"
#include "ppo/train_state.hpp"

namespace ppo {

/// An initial state and an empty episode.
template <IsEnv Env>
PPO_HD Slot<Env> fresh_slot(const DrawKey& key, Purpose purpose) {
  Draws draws(key, purpose);
  Slot<Env> slot{};
  slot.state = Env::reset(draws);
  return slot;
}

/// Advances the slot by one action. A time limit of 0 means no limit.
template <IsEnv Env>
PPO_HD Transition<float> advance(Slot<Env>& slot, int action, std::int32_t time_limit, const DrawKey& key,
                                 Ended& ended) {
  Draws draws(key, Purpose::environment);
  const Transition<float> transition = Env::step(slot.state, action, draws);
  slot.length += slot.length < Slot<Env>::kMostLength ? 1 : 0;
  slot.episode_return += static_cast<double>(transition.reward);
  const bool at_limit = time_limit > 0 && slot.length >= time_limit;
  ended = transition.terminated ? kTerminated : at_limit ? kTruncated : kRunning;
  return transition;
}

/// One environment's rollout in progress: T times `observe`, then `act`. It does not depend on any other
/// environment. From construction to `finish` it works on a copy of the environment's slot. Several threads
/// may play the same environment in lockstep, each on its own copy; only one of them `records`.
template <class Agent>
class EnvironmentRollout {
 public:
  using Env = typename Agent::Env;

  PPO_HD EnvironmentRollout(const Hyper& hyper, const Agent& agent, int n, bool records = true)
      : hyper_(hyper), agent_(agent), n_(n), records_(records), slot_(agent.slots[n]) {}

  /// Where the observation before step t is recorded, [O]. t = T is the observation after the last step.
  PPO_HD float* obs(std::int64_t t) const { return agent_.rollout.obs + index(t) * Agent::O; }

  /// Writes the current observation to `obs` [O].
  PPO_HD void observe(float* obs) const { Env::observe(slot_.state, obs); }

  /// The random number in [0, 1) that selects the action at step t.
  PPO_HD static float action_uniform(const Agent& agent, int n, std::int64_t t) {
    return Draws(draw_key(agent, n, t), Purpose::action).uniform();
  }

  /// Step t: takes the action, drawn by the policy with log-probability `logp`, records both, and starts a
  /// new episode if this one has ended.
  PPO_HD void act(std::int64_t t, int action, float logp) {
    const auto& rollout = agent_.rollout;
    const DrawKey key = draw_key(agent_, n_, t);
    Ended ended;
    const float reward = advance(slot_, action, hyper_.max_episode_steps, key, ended).reward;
    if (records_) {
      rollout.action[index(t)] = static_cast<std::uint8_t>(action);
      rollout.logp[index(t)] = logp;
      rollout.reward[index(t)] = reward;
      rollout.ended[index(t)] = ended;
    }
    if (ended == kRunning) return;
    if (ended == kTruncated) {
      const std::int64_t row = truncated_++;
      if (records_) observe(rollout.final_obs + (row * hyper_.num_envs + n_) * Agent::O);
    }
    sums_.add_episode(slot_.episode_return, slot_.length);
    slot_ = fresh_slot<Env>(key, Purpose::reset);
  }

  /// To be called after T steps.
  PPO_HD void finish() {
    if (!records_) return;
    observe(obs(hyper_.num_steps));
    agent_.slots[n_] = slot_;
    agent_.rollout.truncated[n_] = truncated_;
    agent_.rollout.ended_sums[n_] = sums_;
  }

 private:
  PPO_HD static DrawKey draw_key(const Agent& agent, int n, std::int64_t t) {
    return {.seed = agent.seed,
            .update = static_cast<std::uint32_t>(agent.update),
            .step = static_cast<std::uint32_t>(t),
            .environment = static_cast<std::uint32_t>(n)};
  }

  PPO_HD std::int64_t index(std::int64_t t) const { return t * hyper_.num_envs + n_; }

  const Hyper& hyper_;
  const Agent& agent_;
  int n_;
  bool records_;
  Slot<Env> slot_;
  EpisodeSums sums_{};
  std::int32_t truncated_ = 0;
};

}  // namespace ppo
