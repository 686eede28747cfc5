// How ranks that train an agent together tell each other what they have written: after a stage, every rank
// gets the parts of the others, so that all have the same agent before the next.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ppo {

/// An array [rows][items][item_bytes] of which each rank has written some items of every row: its part of the
/// ceil(items / unit) units, as Worker::share gives it.
struct DealtArray {
  void* data = nullptr;
  std::int64_t rows = 1;
  std::int64_t items = 0;
  std::int64_t item_bytes = 0;
  std::int64_t unit = 1;

  /// The first item of a rank; of rank `ranks`: items.
  std::int64_t begin(int rank, int ranks) const;
};

class RankExchange {
 public:
  RankExchange(int rank, int ranks) : rank_(rank), ranks_(ranks) {}
  virtual ~RankExchange() = default;

  int rank() const { return rank_; }
  int ranks() const { return ranks_; }

  /// To be called by one worker of every rank, with arrays of the same shapes. Virtual, as compiled loops
  /// name no functions of others. Ends the process where there is not enough memory.
  virtual void gather(std::span<const DealtArray> arrays) noexcept;

 protected:
  /// `all` [begins[ranks]][unit_bytes], of which this rank has written [begins[rank], begins[rank + 1]):
  /// fills in the rest.
  virtual void gather_units(std::byte* all, std::int64_t unit_bytes,
                            std::span<const std::int64_t> begins) = 0;

 private:
  void gather_packed(std::span<const DealtArray> arrays);
  std::byte* copy(const DealtArray& array, int rank, bool packs, std::byte* packed) const;

  int rank_;
  int ranks_;
  std::vector<std::byte> packed_;
  std::vector<std::int64_t> begins_;  // [ranks + 1]
};

}  // namespace ppo
