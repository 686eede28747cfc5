// Acting: one step of one environment, with time limit, auto-reset and episode bookkeeping.
#pragma once

#include "ppo/normalise.hpp"
#include "ppo/policy_head.hpp"
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

/// The environment's step by one of A actions, whose index the policy gives as a number.
template <IsEnv Env, int A>
PPO_HD Transition<float> take_action(Discrete<A>, typename Env::State& state, const float* action,
                                     Draws& draws) {
  return Env::step(state, static_cast<int>(action[0]), draws);
}

/// By D numbers. The policy may go beyond their ranges; the environment gets them clipped.
template <IsEnv Env, int D>
PPO_HD Transition<float> take_action(Box<D>, typename Env::State& state, const float* action, Draws& draws) {
  float clipped[D];
  for (int d = 0; d < D; ++d) {
    const ActionRange range = Env::action_range(d);
    clipped[d] = clamp(action[d], range.low, range.high);
  }
  return Env::step(state, static_cast<const float*>(clipped), draws);
}

/// Advances the state by one action [kNumbers].
template <IsEnv Env>
PPO_HD Transition<float> transition(typename Env::State& state, const float* action, const DrawKey& key) {
  Draws draws(key, Purpose::environment);
  return take_action<Env>(typename Env::Action{}, state, action, draws);
}

/// Counts a step, and says whether it has ended the episode. A time limit of 0 means no limit.
template <IsEnv Env>
PPO_HD Ended count_step(Slot<Env>& slot, const Transition<float>& step, std::int32_t time_limit) {
  slot.length += slot.length < Slot<Env>::kMostLength ? 1 : 0;
  slot.episode_return += static_cast<double>(step.reward);
  const bool at_limit = time_limit > 0 && slot.length >= time_limit;
  return step.terminated ? kTerminated : at_limit ? kTruncated : kRunning;
}

/// What an action leads to.
template <IsEnv Env>
struct Consequence {
  typename Env::State state;
  Transition<float> transition;
};

/// What a rollout keeps of a step besides the observation before it and the action's log-probability.
template <class Head>
struct Step {
  float action[Head::kNumbers];
  float reward;
  Ended ended;
};

/// One environment's rollout in progress: T times `observe`, then `act`. It does not depend on any other
/// environment. It works on a copy of the environment's slot, which `finish` leaves for the next update. What
/// only the end of an episode or a fault changes stays in the agent's memory: a GPU needs the registers.
/// Several threads may play the same environment in lockstep, each on its own copy; only one of them
/// `records`.
template <class Agent>
class EnvironmentRollout {
 public:
  using Env = typename Agent::Env;
  using Head = typename Agent::Head;
  using Norm = ObservationNorm<Agent::O>;

  PPO_HD EnvironmentRollout(const Sizes& sizes, const Agent& agent, const Norm& norm, int n,
                            bool records = true)
      : sizes_(sizes),
        agent_(agent),
        norm_(norm),
        n_(n),
        records_(records),
        norm_obs_(agent.tuning.norm_obs),
        norm_reward_(agent.tuning.norm_reward),
        slot_(agent.slots_before(agent.update)[n]) {
    if (!records) return;
    agent.rollout.truncated[n] = 0;
    agent.rollout.ended_sums[n] = {};
    agent.rollout.fault[n] = {};
    if (!normalises(agent.tuning)) return;
    for (int i = 0; i < Agent::kMoments; ++i) moments()[i] = {};
  }

  /// Where the observation before step t is recorded, [O]. t = T is the observation after the last step.
  PPO_HD float* obs(std::int64_t t) const { return agent_.rollout.obs + index(t) * Agent::O; }

  /// Writes the observation before step t to `obs` [O], as the networks see it.
  PPO_HD void observe(std::int64_t t, float* obs) {
    look(t, obs);
    if (!norm_obs_) return;  // a GPU knows sooner than it has read norm_
    for (int i = 0; i < Agent::O && records_; ++i) add(moments()[i], static_cast<double>(obs[i]));
    norm_(obs);
  }

  /// The random numbers [kNoise] that select the action at step t.
  PPO_HD static void action_noise(const Agent& agent, int n, std::int64_t t, float* noise) {
    Head::draw_noise(Draws(draw_key(agent, n, t), Purpose::action), noise);
  }

  /// Step t: takes the action [kNumbers], drawn by the policy with log-probability `logp`, and records it.
  PPO_HD void act(std::int64_t t, const float* action, float logp) {
    const Step<Head> step = play(t, action);
    if (records_) record(t, step, logp);
  }

  /// The same, but leaves it to the caller to `record` the step. Starts a new episode if this one has ended.
  PPO_HD Step<Head> play(std::int64_t t, const float* action) {
    const Transition<float> made = transition<Env>(slot_.state, action, draw_key(agent_, n_, t));
    return end_step(t, action, made);
  }

  /// The same by an action whose consequence is known already: what `foresee` has said before step t.
  PPO_HD Step<Head> play(std::int64_t t, const float* action, const Consequence<Env>& consequence) {
    slot_.state = consequence.state;
    return end_step(t, action, consequence.transition);
  }
  PPO_HD Consequence<Env> foresee(std::int64_t t, const float* action) const {
    Consequence<Env> consequence{slot_.state, {}};
    consequence.transition = transition<Env>(consequence.state, action, draw_key(agent_, n_, t));
    return consequence;
  }

  /// The observation [O] that follows, as the networks see it.
  PPO_HD void foresee_obs(std::int64_t t, const Consequence<Env>& consequence, float* obs) const {
    Slot<Env> slot = slot_;
    const Ended ended = count_step(slot, consequence.transition, sizes_.max_episode_steps);
    if (ended == kRunning) {
      Env::observe(consequence.state, obs);
    } else {
      Env::observe(fresh_slot<Env>(draw_key(agent_, n_, t), Purpose::reset).state, obs);
    }
    if (norm_obs_) norm_(obs);
  }

  PPO_HD void record(std::int64_t t, const Step<Head>& step, float logp) const {
    record_action(t, step.action, logp);
    record_outcome(t, step);
  }
  PPO_HD void record_action(std::int64_t t, const float* action, float logp) const {
    for (int i = 0; i < Head::kNumbers; ++i) {
      agent_.rollout.action[index(t) * Head::kNumbers + i] = static_cast<typename Head::Stored>(action[i]);
    }
    agent_.rollout.logp[index(t)] = logp;
  }
  PPO_HD void record_outcome(std::int64_t t, const Step<Head>& step) const {
    agent_.rollout.reward[index(t)] = step.reward;
    agent_.rollout.ended[index(t)] = step.ended;
  }

  /// To be called after T steps.
  PPO_HD void finish() {
    if (!records_) return;
    float* last = obs(sizes_.num_steps);
    look(sizes_.num_steps, last);
    norm_(last);
    agent_.slots_before(agent_.update + 1)[n_] = slot_;
  }

 private:
  PPO_HD static DrawKey draw_key(const Agent& agent, int n, std::int64_t t) {
    return {.seed = agent.tuning.seed,
            .update = static_cast<std::uint32_t>(agent.update),
            .step = static_cast<std::uint32_t>(t),
            .environment = static_cast<std::uint32_t>(n)};
  }

  PPO_HD std::int64_t index(std::int64_t t) const { return t * sizes_.num_envs + n_; }

  PPO_HD Moments<double>* moments() const {
    return agent_.rollout.moments + std::int64_t{n_} * Agent::kMoments;
  }

  /// The raw observation.
  PPO_HD void look(std::int64_t t, float* obs) {
    Env::observe(slot_.state, obs);
    bool finite = true;
    for (int i = 0; i < Agent::O; ++i) finite = finite & is_finite(obs[i]);
    if (!finite) note_faulty(t, obs);
  }

  PPO_HD void note_faulty(std::int64_t t, const float* obs) {
    int first = Agent::O;
    for (int i = Agent::O - 1; i >= 0; --i) first = is_finite(obs[i]) ? first : i;
    note_fault(t, first);
  }

  PPO_HD void note_fault(std::int64_t t, int number) {
    if (!records_ || agent_.rollout.fault[n_].any != 0) return;
    agent_.rollout.fault[n_] = {1, n_, static_cast<std::int32_t>(t), number};
  }

  PPO_HD Step<Head> end_step(std::int64_t t, const float* action, const Transition<float>& made) {
    Step<Head> step;
    for (int i = 0; i < Head::kNumbers; ++i) step.action[i] = action[i];
    step.reward = made.reward;
    step.ended = count_step(slot_, made, sizes_.max_episode_steps);
    if (!is_finite(step.reward)) note_fault(t, Agent::O);
    if (norm_reward_) discount(step.reward);
    if (step.ended != kRunning) end_episode(t, step.ended);
    return step;
  }

  PPO_HD void end_episode(std::int64_t t, Ended ended) {
    if (ended == kTruncated) record_final(t);
    if (records_) agent_.rollout.ended_sums[n_].add_episode(slot_.episode_return, slot_.length);
    slot_ = fresh_slot<Env>(draw_key(agent_, n_, t), Purpose::reset);
  }

  /// The true last observation of an episode that the time limit cut.
  PPO_HD void record_final(std::int64_t t) {
    if (!records_) return;
    const std::int64_t row = agent_.rollout.truncated[n_]++;
    float* last = agent_.rollout.final_obs + (row * sizes_.num_envs + n_) * Agent::O;
    look(t, last);
    norm_(last);
  }

  PPO_HD void discount(float reward) {
    const auto gamma = static_cast<double>(agent_.tuning.gamma);
    slot_.discounted = fma(gamma, slot_.discounted, static_cast<double>(reward));
    if (records_) add(moments()[Agent::O], slot_.discounted);
  }

  const Sizes& sizes_;
  const Agent& agent_;
  const Norm& norm_;
  int n_;
  bool records_;
  bool norm_obs_, norm_reward_;  // of the tuning, which a GPU would load in every step
  Slot<Env> slot_;
};

}  // namespace ppo
