// One of the plays of a probe (probe.hpp): an environment played with random actions, watched closely.
#pragma once

#include <cstdint>
#include <cstring>
#include <new>

#include "ppo/rollout.hpp"

namespace ppo::reference {

/// The random policy: each action of a Discrete alike; each number of a Box within its range, and now and
/// then beyond it, where the environment gets the end of the range.
template <class Env, int A>
void random_action(Discrete<A>, Draws& draws, float* action) {
  action[0] = static_cast<float>(draws.bits() % A);
}
template <class Env, int D>
void random_action(Box<D>, Draws& draws, float* action) {
  for (int d = 0; d < D; ++d) {
    const ActionRange range = Env::action_range(d);
    const float width = range.high - range.low;
    const bool bounded = width >= 0 && is_finite(width);
    action[d] =
        bounded ? draws.uniform(range.low - 0.05F * width, range.high + 0.05F * width) : draws.normal();
  }
}

/// One of the plays: a running episode, in memory that held `fill` before.
template <IsEnv Env>
class ProbePlay {
 public:
  using State = typename Env::State;
  static constexpr int O = Env::kObservationSize;
  static constexpr int kNumbers = PolicyHead<typename Env::Action>::kNumbers;

  ProbePlay(std::uint64_t seed, unsigned char fill) : seed_(seed), fill_(fill) {}

  [[gnu::noinline]] void reset(std::int64_t t, Purpose purpose) {
    state_ = fresh_memory(fill_);
    leave_on_stack(fill_);
    Draws draws(key(t), purpose);
    new (state_) State(Env::reset(draws));
    age_ = 0;
  }

  /// Goes on from a copy of the other play's state, elsewhere in memory.
  void become(const ProbePlay& other) {
    state_ = fresh_memory(fill_);
    std::memcpy(static_cast<void*>(state_), other.state_, sizeof(State));
    age_ = other.age_;
  }

  [[gnu::noinline]] Transition<> step(std::int64_t t, const float* action) {
    Draws draws(key(t), Purpose::environment);
    ++age_;
    return take_action<Env>(typename Env::Action{}, *state_, action, draws);
  }

  /// Whether the other action would leave anything else behind than this one.
  [[gnu::noinline]] bool differs_after(std::int64_t t, const float* one, const float* other) const {
    State states[2];
    Transition<> results[2];
    float seen[2][O] = {};
    for (const int i : {0, 1}) {
      std::memcpy(static_cast<void*>(&states[i]), state_, sizeof(State));
      Draws draws(key(t), Purpose::environment);
      results[i] = take_action<Env>(typename Env::Action{}, states[i], i == 0 ? one : other, draws);
      Guarded observed(states[i]);
      std::memcpy(seen[i], observed.numbers(), sizeof seen[i]);
    }
    return std::memcmp(&states[0], &states[1], sizeof(State)) != 0 ||
           results[0].reward != results[1].reward || results[0].terminated != results[1].terminated ||
           std::memcmp(seen[0], seen[1], sizeof seen[0]) != 0;
  }

  void random_action(std::int64_t t, Purpose purpose, float* action) const {
    Draws draws(key(t), purpose);
    reference::random_action<Env>(typename Env::Action{}, draws, action);
  }

  /// An observation with room on both sides, all of which holds a mark before. Behind it there is more, so
  /// that an observe that takes the size for another one does no harm before it is named.
  class Guarded {
   public:
    explicit Guarded(const State& state) {
      for (std::uint32_t& word : words_) word = kMark;
      std::memcpy(floats_, words_, sizeof words_);
      fence(floats_);
      Env::observe(state, floats_ + kRoom);
      fence(floats_);
      std::memcpy(words_, floats_, sizeof words_);
    }

    const float* numbers() const { return floats_ + kRoom; }
    bool written(int i) const { return words_[kRoom + i] != kMark; }
    std::uint32_t bits(int i) const { return words_[kRoom + i]; }

    /// The nearest place outside of [0, O) that was written; 0: none.
    int overrun() const {
      for (int i = 0; i < kRoom; ++i) {
        if (written(O + i)) return O + i;
        if (written(-1 - i)) return -1 - i;
      }
      return 0;
    }

   private:
    static constexpr int kRoom = 64;
    static constexpr int kMoreRoom = 8192;
    static constexpr std::uint32_t kMark = 0x7FC0DEADU;  // a NaN that nobody computes
    std::uint32_t words_[kRoom + O + kRoom];
    float floats_[kRoom + O + kRoom + kMoreRoom];
  };

  Guarded observe() const { return Guarded(*state_); }
  std::int32_t age() const { return age_; }

 private:
  /// The compiler must take it that anything was done to the memory.
  static void fence(void* memory) { asm volatile("" : : "r"(memory) : "memory"); }

  /// Where a small State is made before it is returned in registers.
  [[gnu::noinline]] static void leave_on_stack(unsigned char fill) {
    unsigned char bytes[1024];
    std::memset(bytes, fill, sizeof bytes);
    fence(bytes);
  }

  State* fresh_memory(unsigned char fill) {
    place_ = 1 - place_;
    std::memset(memory_[place_], fill, sizeof(State));
    fence(memory_[place_]);
    return reinterpret_cast<State*>(memory_[place_]);
  }

  DrawKey key(std::int64_t t) const {
    return {.seed = seed_,
            .stream = Stream::evaluation,
            .update = static_cast<std::uint32_t>(t >> 32),
            .step = static_cast<std::uint32_t>(t)};
  }

  std::uint64_t seed_;
  unsigned char fill_;
  int place_ = 0;
  alignas(State) unsigned char memory_[2][sizeof(State)];
  State* state_ = nullptr;
  std::int32_t age_ = 0;
};

}  // namespace ppo::reference
