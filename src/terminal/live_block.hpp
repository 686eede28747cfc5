// Lines that are redrawn in place.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "terminal/screen.hpp"

namespace ppo {

/// A block of lines on stdout, a terminal that can renew. The cursor always stands below it, at the start of
/// a line, and is never hidden: whatever ends the process leaves the terminal as it should be.
class LiveBlock {
 public:
  explicit LiveBlock(const Screen& screen) : screen_(screen) {}

  /// Draws over the block before, in one write, so that no half of it is ever seen. The lines must be
  /// narrower than the screen, and fewer than its rows. Where the screen has another size than before, its
  /// lines may have moved: the block is then drawn below what is there.
  void show(const std::vector<std::string>& lines);

 private:
  const Screen& screen_;
  std::size_t lines_ = 0;  // of the block before; 0: none
  std::size_t columns_ = 0;
  std::size_t rows_ = 0;
};

}  // namespace ppo
