// Parts of agents between ranks that train them together. MPI_Allgatherv only copies: its own reductions fix
// no order of their sums.
#pragma once

#include "engine/cpu/exchange.hpp"
#include "engine/ranks/mpi/job.hpp"

namespace ppo::mpi {

class MpiExchange : public RankExchange {
 public:
  /// `job` must outlive it.
  MpiExchange(Job& job, const RankTeam& team);

 private:
  void gather_units(std::byte* all, std::int64_t unit_bytes, std::span<const std::int64_t> begins) override;

  Job& job_;
  RankTeam team_;
  std::vector<int> counts_;  // [ranks]
  std::vector<int> begins_;  // [ranks]
};

}  // namespace ppo::mpi
