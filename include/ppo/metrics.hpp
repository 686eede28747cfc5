// What an engine returns after an update: one row per agent.
#pragma once

#include <cstdint>

namespace ppo {

/// An environment returned a number that is not finite.
struct Fault {
  std::int32_t any = 0;  // 1: it did
  std::int32_t environment = 0;
  std::int32_t step = 0;    // of the rollout
  std::int32_t number = 0;  // of the observation; O: the reward
};

/// One agent's metrics for one update. Plain data; the same bytes from every engine.
struct UpdateRow {
  std::int64_t update = 0;      // from 0
  std::int64_t episodes = 0;    // episodes that ended in this update, by termination or time limit
  std::int64_t length_sum = 0;  // of those episodes [steps]
  double return_sum = 0;        // of those episodes [reward]
  float loss_policy = 0;        // means over the minibatches that ran
  float loss_value = 0;         //   with its factor 0.5
  float entropy = 0;            //   [nat]
  float approx_kl = 0;          //   mean((ratio - 1) - log ratio)  [nat]
  float clip_fraction = 0;      //   share of samples with |ratio - 1| > clip_coef
  float grad_norm = 0;          //   global L2 norm before clipping
  float return_variance = 0;    // of the GAE returns of the batch
  float residual_variance = 0;  // of (return - value) over the batch
  float lr = 0;                 // used in this update
  std::int32_t epochs = 0;      // epochs that ran; fewer than update_epochs if target_kl stopped them
  float return_min = 0;         // least return of the episodes that ended; 0 when there are none
  float return_max = 0;         //   greatest
  Fault fault;                  // the first environment's; with one, only update and lr are set besides
};
static_assert(sizeof(UpdateRow) == 4 * 8 + 16 * 4);  // no padding: rows are compared and hashed as bytes

}  // namespace ppo
