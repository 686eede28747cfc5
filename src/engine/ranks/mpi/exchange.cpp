#include "engine/ranks/mpi/exchange.hpp"

#include <climits>

#include "system/errors.hpp"

namespace ppo::mpi {

MpiExchange::MpiExchange(Job& job, const RankTeam& team)
    : RankExchange(job.rank() - team.first, team.count),
      job_(job),
      team_(team),
      counts_(static_cast<std::size_t>(team.count)),
      begins_(static_cast<std::size_t>(team.count)) {}

void MpiExchange::gather_units(std::byte* all, std::int64_t unit_bytes,
                               std::span<const std::int64_t> begins) {
  if (begins.back() > INT_MAX || unit_bytes > INT_MAX)
    throw Failure(kRunFailed,
                  "an agent is too large to be trained over several ranks; write a smaller num_envs");
  for (std::size_t rank = 0; rank < counts_.size(); ++rank) {
    begins_[rank] = static_cast<int>(begins[rank]);
    counts_[rank] = static_cast<int>(begins[rank + 1] - begins[rank]);
  }
  MPI_Datatype unit = MPI_DATATYPE_NULL;
  check(MPI_Type_contiguous(static_cast<int>(unit_bytes), MPI_BYTE, &unit), "MPI_Type_contiguous");
  check(MPI_Type_commit(&unit), "MPI_Type_commit");
  MPI_Request request = MPI_REQUEST_NULL;
  check(MPI_Iallgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, all, counts_.data(), begins_.data(), unit,
                        job_.communicator(team_), &request),
        "MPI_Iallgatherv");
  MPI_Type_free(&unit);  // once the request is done
  job_.wait(request);
}

}  // namespace ppo::mpi
