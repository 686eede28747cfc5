// Whether the ranks of a job can train each agent together on what they have.
#pragma once

#include <string>
#include <vector>

namespace ppo {

/// What a rank trains on.
struct RankCard {
  std::string rank;    // "rank 3 on node7"
  std::string device;  // "cpu", "cuda:0"
  std::string gpu;     // its product name; empty: the CPU
  std::string card;    // its UUID
};

/// Of the job's ranks in order, of which every `team` train the same agents. Throws Failure(kWrongInput)
/// where two have the same card, which need not run the kernels of both at once although they wait for each
/// other, or one of a team has a card and another none, whose exchanges differ.
void check_team_cards(const std::vector<RankCard>& ranks, int team);

}  // namespace ppo
