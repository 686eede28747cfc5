// A tile of samples on its way from the rollout to a block, ahead of its turn.
#pragma once

#include "kernels/shared.hpp"
#include "ppo/update.hpp"

namespace ppo {

/// Which samples of the batch a thread's own of the next tiles are. A permutation is a long chain, so the
/// eight threads that share a sample take it for a tile each, eight tiles at once.
class SamplesAhead {
 public:
  /// That of the tile from position `first` of the minibatch on; to be called for every tile in turn. From
  /// `end` on the last one is repeated, which is left out of every sum. For all lanes of a warp.
  template <int H>
  PPO_DEVICE std::int64_t next(const Minibatch<Permutation>& minibatch, const Seat<H>& seat, int first,
                               int end) {
    if (tile_ == 0) {
      const int position = min(first + kTile * seat.part + seat.sample, end - 1);
      sample_ = minibatch.order(static_cast<std::uint32_t>(minibatch.first + position));
    }
    const std::uint32_t sample = device::shuffle(sample_, seat.lane - seat.part + tile_);
    tile_ = (tile_ + 1) % 8;
    return sample;
  }

 private:
  int tile_ = 0;  // of the eight
  std::uint32_t sample_ = 0;
};

/// A thread's part of a tile's samples: all of its sample but the observation, of which it holds every eighth
/// entry. Fetched a tile ahead, so that the reads of global memory are over when they are needed.
template <class Agent>
struct TileInput {
  static constexpr int kEntries = (Agent::O + 7) / 8;
  RecordedSample<typename Agent::Head> recorded;  // as loaded: arithmetic would wait for it
  float obs[kEntries];                            // entries part, part + 8, ...

  /// Sample i of the batch.
  PPO_DEVICE void fetch(const Rollout<typename Agent::Env>& rollout, const Seat<Agent::H>& seat,
                        std::int64_t i) {
    PPO_UNROLL
    for (int e = 0; e < kEntries; ++e) {
      const int o = seat.part + 8 * e;
      obs[e] = rollout.obs[i * Agent::O + min(o, Agent::O - 1)];
    }
    recorded = recorded_sample(rollout, i);
  }

  /// to [kTile][O] in shared memory.
  PPO_DEVICE void store_obs(const Seat<Agent::H>& seat, float* to) const {
    PPO_UNROLL
    for (int e = 0; e < kEntries; ++e) {
      const int o = seat.part + 8 * e;
      if (o < Agent::O) to[seat.sample * Agent::O + o] = obs[e];
    }
  }
};

}  // namespace ppo
