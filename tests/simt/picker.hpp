// Who runs next. Every choice is the seed's; all of it takes constant time.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "simt/machine.hpp"

namespace ppo::simt {

/// splitmix64.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  SIMT_UNWATCHED std::uint64_t next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  /// In [0, n).
  SIMT_UNWATCHED std::uint32_t below(std::uint32_t n) { return scaled(next() >> 32, n); }

  /// `bits` of 32 random ones, to [0, n).
  SIMT_UNWATCHED static std::uint32_t scaled(std::uint64_t bits, std::uint32_t n) {
    return static_cast<std::uint32_t>(bits * n >> 32);
  }

 private:
  std::uint64_t state_;
};

/// Draws a warp that has ready threads and then one of these. It stays with a warp for a while: so warps and
/// blocks get far ahead of each other, and the caches stay warm. Starved warps come last.
class Picker {
 public:
  /// All threads are ready.
  Picker(std::vector<Warp>& warps, int warps_of_block, const Schedule& schedule);

  SIMT_UNWATCHED void make_ready(Warp& warp, Lanes lanes) {
    for (Lanes rest = lanes; rest != 0; rest &= rest - 1) {
      warp.threads[std::countr_zero(rest)].state = State::kReady;
    }
    make_runnable(warp, lanes);
  }

  /// As make_ready, for lanes whose state says so already.
  SIMT_UNWATCHED void make_runnable(Warp& warp, Lanes lanes) {
    if (warp.ready == 0 && lanes != 0) enlist(warp);
    warp.ready |= lanes;
  }

  /// Takes a ready thread out; nullptr when there is none.
  SIMT_UNWATCHED Thread* pick() {
    const std::uint64_t draw = random_.next();
    if (--until_change_ == 0) change_starved();
    if (warp_->ready == 0 || warp_->starved || (draw & stay_mask_) == 0) {
      warp_ = pick_warp(draw >> 32);
      if (warp_ == nullptr) {
        warp_ = first_warp_;
        return nullptr;
      }
    }
    // From a random lane on, the first that is ready.
    const int turn = static_cast<int>(draw >> 27) & 31;
    const int lane = (std::countr_zero(std::rotr(warp_->ready, turn)) + turn) & 31;
    warp_->ready &= ~(Lanes{1} << lane);
    if (warp_->ready == 0) strike(*warp_);
    return &warp_->threads[lane];
  }

  SIMT_UNWATCHED Random& random() { return random_; }

 private:
  struct List {
    Warp** warps;  // room for all
    std::uint32_t size = 0;
  };

  SIMT_UNWATCHED List& list_of(const Warp& warp) { return lists_[warp.starved ? 1 : 0]; }

  SIMT_UNWATCHED void enlist(Warp& warp) {
    List& list = list_of(warp);
    warp.place = static_cast<int>(list.size);
    list.warps[list.size++] = &warp;
  }

  SIMT_UNWATCHED void strike(Warp& warp) {
    List& list = list_of(warp);
    Warp* last = list.warps[--list.size];
    list.warps[warp.place] = last;
    last->place = warp.place;
    warp.place = -1;
  }

  SIMT_UNWATCHED Warp* pick_warp(std::uint64_t bits) {
    List& list = lists_[lists_[0].size != 0 ? 0 : 1];
    return list.size == 0 ? nullptr : list.warps[Random::scaled(bits, list.size)];
  }

  void change_starved();
  void starve(int first, int count);

  Random random_;
  Warp* first_warp_;
  std::uint32_t num_warps_, warps_of_block_;
  std::uint64_t stay_mask_;
  std::vector<Warp*> places_;                       // what the lists lie in
  List lists_[2];                                   // with ready threads: others, starved
  Warp* warp_;                                      // of the latest pick
  std::uint64_t until_change_ = ~std::uint64_t{0};  // picks
  bool changing_ = false;
};

}  // namespace ppo::simt
