#include "engine/engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/choice/choose_engine.hpp"
#include "engine/cpu/cpu_engine.hpp"
#include "engine/cuda/cuda.hpp"
#include "engine/parts/make_parts.hpp"
#include "engine/ranks/ranks.hpp"
#include "system/cores.hpp"
#include "system/errors.hpp"
#include "system/memory.hpp"
#include "system/processor/levels.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

/// Throws NotEnoughMemory when the bytes that a run needs are more than this process's part of what there is.
void check_memory(const EngineOrder& order, double needed) {
  const int sharers = std::max(rank_place().local_trainers(order.trainers), 1);
  const std::uint64_t available = available_memory() / static_cast<std::uint64_t>(sharers);
  if (needed <= static_cast<double>(available)) return;
  const Sizes& sizes = order.population.sizes;
  const std::int64_t agents = std::max(order.num_seeds, order.population.count());
  throw NotEnoughMemory(
      fmt::format("this {} needs {} of memory and {} are available", order.trainers > 1 ? "rank" : "run",
                  needed_text(needed), available_text(available)),
      fmt::format("write a smaller num_envs (now {}), num_steps ({}) or num_seeds ({})", sizes.num_envs,
                  sizes.num_steps, agents));
}

/// Of the cards that run.device names, those that this rank takes: the ranks of a host deal them out.
std::vector<std::string> own_cards(const std::string& device) {
  const auto local_rank = static_cast<std::size_t>(rank_place().local_rank);
  const auto local_ranks = static_cast<std::size_t>(rank_place().local_ranks());
  std::vector<std::string> cards = cards_of(device);
  if (local_ranks == 1) return cards;
  if (cards.empty() && !device.starts_with("cuda:")) {  // any: the driver knows how many without opening one
    for (int index = 0; index < cuda_device_count(); ++index)
      cards.push_back("cuda:" + std::to_string(index));
  }
  if (cards.size() <= local_ranks)
    return cards.empty() ? cards : std::vector{cards[local_rank % cards.size()]};
  std::vector<std::string> own;
  for (std::size_t card = local_rank; card < cards.size(); card += local_ranks) own.push_back(cards[card]);
  if (device == "cuda" || device == "auto") own.resize(1);
  return own;
}

/// A rank of a team that trains each agent together has one card: its kernel is told of the other ranks', not
/// of the rank's own.
std::unique_ptr<Engine> make_in_team(const EngineOrder& order, const std::vector<std::string>& cards) {
  if (cards.size() > 1) {
    throw Failure(
        kWrongInput,
        fmt::format("--ranks-per-agent {}: a rank trains on one card, and of device {} this one has "
                    "{}; start one rank a card, or write as many cards as ranks",
                    order.team.count, order.run.device, cards.size()));
  }
  Config config = config_of(order);
  if (!cards.empty()) config.run.device = cards.front();
  return make_cuda_engine(config, order.population, order.instruments, exchange_of(order.team));
}

std::unique_ptr<Engine> make_on_gpu(const EngineOrder& order) {
  const std::vector<std::string> cards = own_cards(order.run.device);
  if (order.team.count > 1) return make_in_team(order, cards);
  if (!cards.empty()) return make_on_cards(order, cards);
  return make_cuda_engine(config_of(order), order.population, order.instruments);
}

/// More threads than cores never help: those that have none are waited for.
std::string note_of_threads(int threads, int cores) {
  return fmt::format("{} threads on {} wait for each other; with --threads 0 as many run as are fastest",
                     threads, counted(cores, "core"));
}

/// `note` says why not on a card that is there.
std::unique_ptr<Engine> make_on_cpu(const EngineOrder& order, std::string note) {
  const Sizes& sizes = order.population.sizes;
  const Level level = choose_level(*find_environment(order.env), order.run.simd);
  const auto agent_bytes = static_cast<double>(level.loops.agent_bytes(sizes));
  // Ranks that train an agent together pack the parts that they exchange: no more than the agent.
  const std::int64_t copies = order.population.count() + (order.team.count > 1 ? 1 : 0);
  check_memory(order, agent_bytes * static_cast<double>(copies) + static_cast<double>(order.bytes_besides));
  const bool is_given = order.run.threads > 0;
  EngineInfo info{.device = "cpu", .simd = level.name, .note = std::move(note)};
  const int cores = usable_cores();
  info.threads = is_given ? order.run.threads : cores;
  if (info.note.empty() && info.threads > cores) info.note = note_of_threads(info.threads, cores);
  // Ranks that train an agent together wait for each other: none can tell its own threads' speed.
  info.chooses_threads = !is_given && info.threads > 1 && order.team.count == 1;
  return std::make_unique<CpuEngine>(level.loops, order.population, std::move(info), order.instruments,
                                     order.team.count > 1 ? exchange_of(order.team) : nullptr);
}

}  // namespace

Level choose_level(const Environment& environment, const std::string& simd) {
  const auto level = find_level<const EnvironmentLoops*>(simd);
  return {std::string(level.name), *(environment.*level.level)};
}

std::unique_ptr<Engine> make_engine(const Config& config, Instruments instruments,
                                    std::uint64_t bytes_besides, std::int64_t updates_done) {
  return make_engine(config, population_of(config), instruments, bytes_besides, updates_done);
}

Config config_of(const EngineOrder& order) {
  Config config;
  config.env = order.env;
  config.run = order.run;
  config.hyper = order.population.hyper(0);
  config.num_seeds = order.population.count();
  return config;
}

std::unique_ptr<Engine> make_engine(const Config& config, const Population& population,
                                    Instruments instruments, std::uint64_t bytes_besides,
                                    std::int64_t updates_done) {
  const EngineOrder order{config.env, config.run, population, instruments, bytes_besides, updates_done};
  return rank_count() > 1 ? make_on_ranks(order) : make_local_engine(order);
}

std::unique_ptr<Engine> make_local_engine(const EngineOrder& order) {
  const Config config = config_of(order);
  const Population& population = order.population;
  const auto on_gpu = [&] {
    std::unique_ptr<Engine> engine = make_on_gpu(order);
    check_memory(order, static_cast<double>(order.bytes_besides));
    return engine;
  };
  if (config.run.device.starts_with("cuda")) return on_gpu();
  std::string note;
  if (config.run.device == "auto" && order.team.count == 1) {
    try {
      const EngineChoice choice = choose_engine(config, population, order.updates_done);
      if (choice.takes_cuda) return on_gpu();
      if (choice.has_card) note = "on the CPU: " + choice.reason + "; --device cuda uses the card";
    } catch (const NoCudaDevice& none) {
      if (none.has_card) note = none.reason + "; training on the CPU";
    }
  }
  return make_on_cpu(order, std::move(note));
}

}  // namespace ppo
