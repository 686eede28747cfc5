// One agent with its memory, for tests that drive single stages.
#pragma once

#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#include "ppo/train_state.hpp"

namespace ppo::testing {

template <IsEnv Env, int H>
class AgentBlock {
 public:
  using Agent = ppo::Agent<Env, H>;

  explicit AgentBlock(const Hyper& hyper) {
    const std::size_t bytes = Agent::carve(hyper, nullptr);
    block_.reset(std::aligned_alloc(64, bytes));
    if (block_ == nullptr) throw std::bad_alloc();
    std::memset(block_.get(), 0, bytes);
    Agent::carve(hyper, block_.get());
  }

  Agent& operator*() { return *static_cast<Agent*>(block_.get()); }
  Agent* operator->() { return static_cast<Agent*>(block_.get()); }

 private:
  struct Free {
    void operator()(void* block) const { std::free(block); }
  };
  std::unique_ptr<void, Free> block_;
};

}  // namespace ppo::testing
