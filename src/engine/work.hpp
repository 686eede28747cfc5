// The least arithmetic and memory traffic that training asks for: functions of the shapes alone, so that a
// rate in steps/s can be held against what the machine can do, and a run's length foretold.
#pragma once

#include <algorithm>

#include "engine/environment.hpp"
#include "engine/profile.hpp"
#include "ppo/gradient.hpp"
#include "ppo/hyper.hpp"

namespace ppo {

/// Of one stage, for one environment step.
struct Work {
  double flops = 0;  // an fma counts 2
  double bytes = 0;  // to and from arrays that outlive the stage
};

/// Multiply-adds of one network's forward pass, one sample: O-H-H-outputs.
inline double multiply_adds(const Mlp& net) {
  const double H = net.H;
  return net.O * H + H * H + H * net.Out;
}

/// FLOPs of the layers' products, and nothing else: activations, softmax, loss, environment, GAE and Adam are
/// not counted, so that a fraction of the peak is never flattered by a clumsy tanh.
///
///   rollout   2 a, with a = O H + H H + H A: the actor, forward
///   values    2 c, with c = O H + H H + H:   the critic, forward
///   gradient  update_epochs (2 + 2) (a + c): both networks forward, and the gradients of their weights;
///             update_epochs 2 (2 H H + H A + H): back through the second layers and the heads
///
/// With O 4, A 2, H 64 and 4 epochs: 8,960 + 8,832 + 209,408 = 227,200 FLOPs a step.
///
/// Bytes are those of arrays that outlive the stage and that it has to read or write: of the rollout (4 O of
/// observation and so on), and of the groups' sums, the gradient, the parameters and their moments, which are
/// spread over the minibatch.
inline std::array<Work, std::tuple_size_v<Profile>> work_per_step(const EnvironmentInfo& env,
                                                                  const Hyper& hyper) {
  const Layout layout = env.layout(hyper.hidden_size);
  const double O = layout.O;
  const double H = layout.H;
  const double actor = multiply_adds(layout.actor());
  const double critic = multiply_adds(layout.critic());
  const double back = 2 * H * H + H * (layout.outputs + 1);
  const double epochs = hyper.update_epochs;
  const double parameter = 4.0 * layout.size();
  const double once_a_minibatch = epochs / static_cast<double>(minibatch_size(hyper));
  const auto groups = static_cast<double>(group_count(minibatch_size(hyper)));
  return {Work{2 * actor, 4 * O + 10},  // writes obs, action, logp, reward, ended
          Work{2 * critic, 4 * O + 4},  // reads obs, writes value
          Work{0, 13},                  // reads reward, ended, value; writes advantage
          Work{epochs * (4 * (actor + critic) + 2 * back),
               epochs * (4 * O + 13) + once_a_minibatch * parameter * (groups + 1)},
          Work{0, once_a_minibatch * parameter * (groups + 1)},
          Work{0, once_a_minibatch * parameter * 7}};  // reads gradient; reads and writes the other three
}

/// The least time for that work [s], on units that do `peak` FLOP/s beside `cache` B/s.
inline double least_time(const Work& work, double peak, double cache) {
  return std::max(work.flops / peak, work.bytes / cache);
}

inline double flops_per_step(const EnvironmentInfo& env, const Hyper& hyper) {
  double sum = 0;
  for (const Work& stage : work_per_step(env, hyper)) sum += stage.flops;
  return sum;
}

}  // namespace ppo
