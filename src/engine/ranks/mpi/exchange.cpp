#include "engine/ranks/mpi/exchange.hpp"

namespace ppo::mpi {

MpiExchange::MpiExchange(Job& job, const RankTeam& team)
    : RankExchange(job.rank() - team.first, team.count),
      job_(job),
      team_(team),
      counts_(static_cast<std::size_t>(team.count)),
      begins_(static_cast<std::size_t>(team.count)) {}

void MpiExchange::gather_units(std::byte* all, std::int64_t unit_bytes,
                               std::span<const std::int64_t> begins) {
  // Counts of units fit an int: a batch has no more than 2^30 samples.
  for (std::size_t rank = 0; rank < counts_.size(); ++rank) {
    begins_[rank] = static_cast<int>(begins[rank]);
    counts_[rank] = static_cast<int>(begins[rank + 1] - begins[rank]);
  }
  check(calls().gather_parts(all, static_cast<int>(unit_bytes), counts_.data(), begins_.data(),
                             job_.communicator(team_)),
        "MPI_Allgatherv");
}

}  // namespace ppo::mpi
