#include "engine/parts/make_parts.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/cuda/cuda.hpp"
#include "engine/parts/joint_engine.hpp"
#include "engine/parts/served_engine.hpp"
#include "engine/parts/split_engine.hpp"
#include "engine/parts/team_cards.hpp"
#include "engine/ranks/ranks.hpp"

namespace ppo {
namespace {

EngineOrder order_for(const EngineOrder& whole, std::size_t part, std::size_t parts) {
  EngineOrder order = whole;
  order.population = dealt(whole.population, part, parts);
  order.num_seeds = whole.population.count();
  return order;
}

/// "2 x NVIDIA H200", or the names of different cards.
std::string names_of(const std::vector<std::unique_ptr<Engine>>& cards) {
  const std::string& first = cards.front()->info().gpu;
  const bool all_equal =
      std::ranges::all_of(cards, [&](const auto& card) { return card->info().gpu == first; });
  if (all_equal) return std::to_string(cards.size()) + " x " + first;
  std::string names;
  for (const auto& card : cards) names += (names.empty() ? "" : " and ") + card->info().gpu;
  return names;
}

EngineInfo info_of_cards(const std::vector<std::unique_ptr<Engine>>& cards, const std::string& device) {
  EngineInfo info = cards.front()->info();
  info.device = device;
  info.gpu = names_of(cards);
  info.num_teams = 0;
  for (const auto& card : cards) info.num_teams += card->info().num_teams;
  return info;
}

/// What check_team_cards asks of the rank whose engine that is.
RankCard card_of(int rank, const EngineInfo& info) {
  return {.rank = rank_name(rank), .device = info.device, .gpu = info.gpu, .card = info.card};
}

/// Of an engine a rank: one for each `team` of them that train the same agents.
std::vector<std::unique_ptr<Engine>> joined(std::vector<std::unique_ptr<Engine>> engines, int team) {
  if (team == 1) return engines;
  std::vector<std::unique_ptr<Engine>> joint;
  for (auto first = engines.begin(); first != engines.end(); first += team) {
    joint.push_back(std::make_unique<JointEngine>(std::vector<std::unique_ptr<Engine>>(
        std::make_move_iterator(first), std::make_move_iterator(first + team))));
  }
  return joint;
}

}  // namespace

std::vector<std::string> cards_of(const std::string& device) {
  std::vector<std::string> cards;
  if (device == "cuda:all") {
    const CudaFacts facts = cuda_facts();
    for (const CudaDevice& card : facts.devices) {
      if (card.problem.empty()) cards.push_back("cuda:" + std::to_string(card.index));
    }
    if (cards.empty()) cards.emplace_back("cuda");  // which says what is wrong
    return cards;
  }
  const std::size_t colon = device.find(':');
  if (colon == std::string::npos || device.find(',') == std::string::npos) return {};
  for (std::size_t begin = colon + 1; begin <= device.size();) {
    const std::size_t end = std::min(device.find(',', begin), device.size());
    cards.push_back("cuda:" + device.substr(begin, end - begin));
    begin = end + 1;
  }
  return cards;
}

std::unique_ptr<Engine> make_on_cards(const EngineOrder& order, const std::vector<std::string>& cards) {
  const std::size_t parts = std::min(cards.size(), order.population.agents.size());
  std::vector<std::unique_ptr<Engine>> engines;
  for (std::size_t part = 0; part < parts; ++part) {
    EngineOrder some = order_for(order, part, parts);
    some.run.device = cards[part];
    engines.push_back(make_cuda_engine(config_of(some), some.population, some.instruments));
  }
  if (parts == 1) return std::move(engines.front());
  EngineInfo info = info_of_cards(engines, order.run.device);
  return std::make_unique<SplitEngine>(std::move(engines), order.population.count(), std::move(info));
}

std::unique_ptr<Engine> make_on_ranks(const EngineOrder& order) {
  const int team = ranks_per_agent();
  const std::size_t parts =
      std::min(static_cast<std::size_t>(rank_count() / team), order.population.agents.size());
  const int ranks = static_cast<int>(parts) * team;
  std::vector<std::unique_ptr<ServedEngine>> served;
  for (int rank = 1; rank < ranks; ++rank) {
    EngineOrder some = order_for(order, static_cast<std::size_t>(rank / team), parts);
    some.team = {rank / team * team, team};
    some.trainers = ranks;
    some.bytes_besides = 0;
    served.push_back(std::make_unique<ServedEngine>(channel_to(rank), some));
  }
  EngineOrder own = order_for(order, 0, parts);
  own.team = {0, team};
  own.trainers = ranks;
  std::vector<std::unique_ptr<Engine>> engines;
  engines.push_back(make_local_engine(own));
  EngineInfo info = engines.front()->info();
  info.ranks = ranks;
  info.ranks_per_agent = team;
  std::vector<RankCard> cards = {card_of(0, info)};
  for (auto& engine : served) {
    engine->wait_until_made();
    cards.push_back(card_of(static_cast<int>(cards.size()), engine->info()));
    engines.push_back(std::move(engine));
  }
  if (team > 1) check_team_cards(cards, team);
  return std::make_unique<SplitEngine>(joined(std::move(engines), team), order.population.count(),
                                       std::move(info));
}

}  // namespace ppo
