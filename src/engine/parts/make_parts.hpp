// Engines that are made of others: one a card, or one a rank.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/engine.hpp"

namespace ppo {

/// The cards of "cuda:0,1": "cuda:0" and "cuda:1". Of "cuda:all": those that can train; throws NoCudaDevice
/// where there is none. Empty for a device that names no more than one.
std::vector<std::string> cards_of(const std::string& device);

/// One engine a card, but no more than agents. One thread is enough for all: what it asks of a card is only
/// queued. Throws as make_engine.
std::unique_ptr<Engine> make_on_cards(const EngineOrder& order, const std::vector<std::string>& cards);

/// One engine a rank, this one's first; as many as ranks_per_agent() of them train the same agents. Ranks
/// for which there is no agent have none. Throws as make_engine.
std::unique_ptr<Engine> make_on_ranks(const EngineOrder& order);

}  // namespace ppo
