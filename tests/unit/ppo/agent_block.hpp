// One agent with its memory, and a worker's, for tests that drive single stages.
#pragma once

#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#include "engine/cpu/reference/stages.hpp"

namespace ppo::testing {

template <IsEnv Env>
class AgentBlock {
 public:
  using Agent = ppo::Agent<Env>;

  explicit AgentBlock(const Hyper& hyper) : block_(cleared(Agent::carve(hyper, nullptr))) {
    Agent::carve(hyper, block_.get());
    (*this)->tuning = hyper;
    scratch_ = cleared(reference::Stages::scratch_bytes<Agent>((*this)->layout));
  }

  Agent& operator*() { return *static_cast<Agent*>(block_.get()); }
  Agent* operator->() { return static_cast<Agent*>(block_.get()); }

  /// One of a team whose members work in turn.
  Worker worker(int index = 0, int count = 1) const {
    return {.index = index, .count = count, .wait_at = [](void*) {}, .scratch = scratch_.get()};
  }

 private:
  struct Free {
    void operator()(void* block) const { std::free(block); }
  };
  using Block = std::unique_ptr<void, Free>;

  static Block cleared(std::size_t bytes) {
    bytes = (bytes + 63) / 64 * 64;
    Block block(std::aligned_alloc(64, bytes));
    if (block == nullptr) throw std::bad_alloc();
    std::memset(block.get(), 0, bytes);
    return block;
  }

  Block block_;
  Block scratch_;
};

}  // namespace ppo::testing
