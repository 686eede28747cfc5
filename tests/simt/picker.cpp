#include "simt/picker.hpp"

namespace ppo::simt {
namespace {

constexpr int kLongestStarving = 14;  // log2 of picks

}  // namespace

Picker::Picker(std::vector<Warp>& warps, int warps_of_block, const Schedule& schedule)
    : random_(schedule.seed),
      first_warp_(warps.data()),
      num_warps_(static_cast<std::uint32_t>(warps.size())),
      warps_of_block_(static_cast<std::uint32_t>(warps_of_block)),
      stay_mask_(std::bit_ceil(static_cast<std::uint32_t>(schedule.stay)) - 1),
      places_(2 * warps.size()),
      lists_{{places_.data()}, {places_.data() + warps.size()}},
      warp_(warps.data()) {
  for (Warp& warp : warps) enlist(warp);
  const std::uint32_t drawn = random_.below(num_warps_);
  const int warp = schedule.starved < 0 ? static_cast<int>(drawn) : schedule.starved;
  if (schedule.starve == Starve::kWarp) starve(warp, 1);
  if (schedule.starve == Starve::kBlock) {
    const int block = schedule.starved < 0 ? warp / warps_of_block : schedule.starved;
    starve(block * warps_of_block, warps_of_block);
  }
  if (schedule.starve == Starve::kChanging) {
    changing_ = true;
    change_starved();
  }
}

/// Picks until the next change: from one to 2^14, each power of two as likely.
SIMT_UNWATCHED void Picker::change_starved() {
  if (!changing_) return;
  until_change_ = std::uint64_t{1} << random_.below(kLongestStarving + 1);
  const std::uint32_t warp = random_.below(num_warps_);
  if (random_.below(2) == 0) {
    starve(static_cast<int>(warp), 1);
  } else {
    starve(static_cast<int>(warp - warp % warps_of_block_), static_cast<int>(warps_of_block_));
  }
}

/// These warps instead of those starved so far.
SIMT_UNWATCHED void Picker::starve(int first, int count) {
  for (int i = 0; i < static_cast<int>(num_warps_); ++i) {
    Warp& warp = first_warp_[i];
    const bool starved = i >= first && i < first + count;
    if (warp.starved == starved) continue;
    if (warp.ready != 0) strike(warp);
    warp.starved = starved;
    if (warp.ready != 0) enlist(warp);
  }
}

}  // namespace ppo::simt
