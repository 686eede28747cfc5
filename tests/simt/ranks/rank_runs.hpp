// Kernels of ranks that train agents together, under the emulator: a thread a rank, with another one for its
// host.
#pragma once

#include <atomic>
#include <thread>

#include "engine/cuda/link_service.hpp"
#include "simt/parity_runs.hpp"
#include "unit/engine/parts/thread_exchange.hpp"

namespace ppo::testing {

/// R ranks, each with a team of G blocks.
struct Ranks {
  int ranks = 2;                // R
  std::int32_t blocks = 1;      // G
  std::int64_t num_agents = 1;  // K
  std::int64_t per_launch = 2;  // updates
};

/// What a rank's kernel and its host share.
class RankMemory {
 public:
  RankMemory(const CudaLoops& loops, const Sizes& sizes, RankExchange& exchange)
      : packed_(cuda::packed_bytes(loops, sizes, exchange.ranks()), std::byte{0xC5}),
        link_{exchange.rank(), exchange.ranks(), &mailbox_, packed_.data()},
        service_(exchange, link_) {}

  const RankLink& link() const { return link_; }
  cuda::LinkService& service() { return service_; }

 private:
  Mailbox mailbox_{};
  std::vector<std::byte> packed_;
  RankLink link_;
  cuda::LinkService service_;
};

/// The outcomes of a rank's agents.
template <class Env, int H>
std::vector<Outcome> emulated_rank(const Population& population, const Ranks& team, std::int64_t updates,
                                   simt::Schedule schedule, RankExchange& exchange) {
  static const CudaLoops loops = cuda_loops<Env, H>();
  RankMemory memory(loops, population.sizes, exchange);
  simt::Training training(loops, population,
                          {.num_agents = team.num_agents, .num_teams = 1, .blocks_per_agent = team.blocks});
  training.join(memory.link());
  for (std::int64_t done = 0; done < updates; done += team.per_launch, ++schedule.seed) {
    memory.service().begin();
    std::atomic<bool> has_ended = false;
    const std::jthread host([&] { memory.service().serve_until([&] { return has_ended.load(); }); });
    training.run(std::min(team.per_launch, updates - done), schedule);
    has_ended = true;
  }
  return outcomes_of<Env>(training, population.sizes, team.num_agents);
}

/// Every rank ends with what the CPU engine ends with.
template <class Env, int H = 32>
void expect_parity_of_ranks(const Population& population, const Ranks& team,
                            std::int64_t updates = kUpdates) {
  SCOPED_TRACE(::testing::Message() << team.ranks << " ranks of " << team.blocks << " blocks, "
                                    << team.per_launch << " updates a launch, "
                                    << population.sizes.hidden_size << " units");
  MeetingPlace place(team.ranks);
  std::vector<std::vector<Outcome>> got(static_cast<std::size_t>(team.ranks));
  {
    std::vector<std::jthread> threads;
    for (int rank = 0; rank < team.ranks; ++rank) {
      threads.emplace_back([&, rank] {
        ThreadExchange exchange(place, rank);
        const simt::Schedule schedule{.seed = static_cast<std::uint64_t>(10 * team.blocks + rank),
                                      .starve = simt::Starve::kChanging};
        got[static_cast<std::size_t>(rank)] =
            emulated_rank<Env, H>(population, team, updates, schedule, exchange);
      });
    }
  }
  const auto want = expected<Env>(population, updates);
  for (const auto& outcomes : got) {
    for (std::size_t k = 0; k < want.size(); ++k) expect_same(want[k], outcomes[k]);
  }
}

template <class Env, int H = 32>
void expect_parity_of_ranks(const Hyper& hyper, const Ranks& team, std::int64_t updates = kUpdates) {
  expect_parity_of_ranks<Env, H>(population_of(hyper, team.num_agents), team, updates);
}

}  // namespace ppo::testing
