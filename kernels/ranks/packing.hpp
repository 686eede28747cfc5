// How the blocks of a rank put its part of an agent's arrays where the host exchanges it for the others'
// parts, and take those from there. All threads of all blocks take words in turn, side by side.
#pragma once

#include "kernels/groups.hpp"
#include "kernels/ranks/arrays.hpp"
#include "kernels/shared.hpp"

namespace ppo {

/// The words of a thread in [rows][width]: every stride-th. All divisions come first.
struct WordWalk {
  std::int64_t width;
  std::int64_t row, column;
  std::int64_t rows_on, columns_on;  // to the next

  PPO_DEVICE WordWalk(std::int64_t width_, std::int64_t first, std::int64_t stride)
      : width(width_),
        row(first / width_),
        column(first % width_),
        rows_on(stride / width_),
        columns_on(stride % width_) {}

  PPO_DEVICE void next() {
    row += rows_on;
    column += columns_on;
    if (column < width) return;
    column -= width;
    ++row;
  }
};

template <class Agent>
class Packing {
 public:
  PPO_DEVICE Packing(const RankLink& link, Shared<Agent>& shared) : link_(link), shared_(shared) {}

  /// By one thread, which all others meet before they go on: what the next two are about.
  PPO_DEVICE void list(const Sizes& sizes, Exchanged what) const {
    list_arrays(sizes, shared_.agent, what, shared_.arrays);
  }

  /// Of each rank's part.
  PPO_DEVICE std::int64_t units() const { return shared_.arrays.units(link_.ranks); }

  /// The rank's own part.
  PPO_DEVICE void pack(Exchanged what) const {
    std::byte* const part = link_.packed + link_.rank * units() * kPackedUnit;
    if (what == Exchanged::gradient) return pack_groups(part);
    copy_part<true>(share_of_rank(link_.rank), part);
  }

  /// Those of all others.
  PPO_DEVICE void unpack() const {
    std::byte* part = link_.packed;
    const std::int64_t bytes = units() * kPackedUnit;
    PPO_NO_UNROLL
    for (int rank = 0; rank < link_.ranks; ++rank, part += bytes) {
      if (rank != link_.rank) copy_part<false>(share_of_rank(rank), part);
    }
  }

 private:
  static constexpr int kAtOnce = 4;  // words that a thread has under way

  PPO_DEVICE int first() const { return shared_.plan.index * kBlockThreads + device::thread_index(); }
  PPO_DEVICE int stride() const { return shared_.plan.blocks * kBlockThreads; }
  PPO_DEVICE BlockShare share_of_rank(int rank) const {
    return share_of(shared_.arrays.items, rank, link_.ranks);
  }

  /// Whole groups: the leaves of those that are split are added up on the way, and their sums left in the
  /// rows of the groups as well.
  PPO_DEVICE void pack_groups(std::byte* to) const {
    constexpr unsigned kPitch = Agent::kRowPitch;
    const WorkPlan& plan = shared_.plan;
    const Array<float> part(reinterpret_cast<float*>(to));
    const Array<float> rows = shared_.agent.groups;
    const auto numbers = static_cast<unsigned>(plan.own_groups.end - plan.own_groups.begin) * kPitch;
    for (auto number = static_cast<unsigned>(first()); number < numbers;
         number += static_cast<unsigned>(stride())) {
      const int group = plan.own_groups.begin + static_cast<int>(number / kPitch);
      const GroupReader reader{plan, rows + number % kPitch, static_cast<int>(kPitch)};
      const float sum = reader.parts(group, plan.all_leaves - group * kGroupLeaves).sum();
      part[number] = sum;
      if (plan.is_split(group)) rows[std::int64_t{group} * kPitch + number % kPitch] = sum;
    }
  }

  template <bool packs>
  PPO_DEVICE void copy_part(const BlockShare& share, std::byte* part) const {
    PPO_NO_UNROLL
    for (int i = 0; i < shared_.arrays.count; ++i) {
      const RankArray& array = shared_.arrays.arrays[i];
      if (array.item_bytes % sizeof(std::uint32_t) == 0) {
        copy<packs, std::uint32_t>(array, share, part);
      } else {
        copy<packs, std::uint8_t>(array, share, part);
      }
      part += array.bytes(share.end - share.begin);
    }
  }

  /// The items of a share of all rows, to their part or from there.
  template <bool packs, class Word>
  PPO_DEVICE void copy(const RankArray& array, const BlockShare& share, std::byte* packed) const {
    const std::int64_t of_item = array.item_bytes / static_cast<int>(sizeof(Word));
    const std::int64_t width = (share.end - share.begin) * of_item;
    const std::int64_t words = array.rows * width;
    if (first() >= words) return;
    const std::int64_t pitch = shared_.arrays.items * of_item;
    const Array<Word> own(reinterpret_cast<Word*>(array.data) + share.begin * of_item);
    const Array<Word> part(reinterpret_cast<Word*>(packed));
    WordWalk walk(width, first(), stride());
    PPO_NO_UNROLL
    for (std::int64_t word = first(); word < words; word += kAtOnce * stride()) {
      Word x[kAtOnce] = {};
      std::int64_t place[kAtOnce];
      PPO_UNROLL
      for (int k = 0; k < kAtOnce; ++k) {
        place[k] = walk.row * pitch + walk.column;
        walk.next();
        if (word + k * stride() < words) x[k] = packs ? own[place[k]] : part[word + k * stride()];
      }
      PPO_UNROLL
      for (int k = 0; k < kAtOnce; ++k) {
        if (word + k * stride() < words) (packs ? part[word + k * stride()] : own[place[k]]) = x[k];
      }
    }
  }

  const RankLink& link_;
  Shared<Agent>& shared_;
};

}  // namespace ppo
