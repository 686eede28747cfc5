#include "engine/parts/team_cards.hpp"

#include <fmt/format.h>

#include "system/errors.hpp"

namespace ppo {
namespace {

[[noreturn]] void refuse(int team, const RankCard& one, const RankCard& other) {
  const std::string option = fmt::format("--ranks-per-agent {}: ", team);
  if (one.gpu.empty() != other.gpu.empty()) {
    throw Failure(kWrongInput,
                  option + fmt::format("{} trains on {} and {} on {}; write --device cpu or cuda, "
                                       "which holds for all ranks",
                                       one.rank, one.device, other.rank, other.device));
  }
  throw Failure(kWrongInput,
                option + fmt::format("{} and {} have the same card, {} ({}), and their kernels wait "
                                     "for each other; start one rank a card, or write --device cpu",
                                     one.rank, other.rank, one.device, one.gpu));
}

}  // namespace

void check_team_cards(const std::vector<RankCard>& ranks, int team) {
  const auto size = static_cast<std::size_t>(team);
  for (std::size_t b = 0; b < ranks.size(); ++b) {
    for (std::size_t a = 0; a < b; ++a) {
      const bool mixed = a / size == b / size && ranks[a].gpu.empty() != ranks[b].gpu.empty();
      const bool shared = !ranks[b].card.empty() && ranks[a].card == ranks[b].card;
      if (mixed || shared) refuse(team, ranks[a], ranks[b]);
    }
  }
}

}  // namespace ppo
