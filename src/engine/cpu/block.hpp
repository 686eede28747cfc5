// Memory of agents and workers.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>

namespace ppo {

struct FreeBlock {
  void operator()(void* block) const { std::free(block); }
};
using Block = std::unique_ptr<std::byte, FreeBlock>;

/// At least so many bytes, aligned to 64. They are not touched: the thread that will work on them should
/// clear them. Throws std::bad_alloc.
inline Block allocate_block(std::size_t bytes) {
  Block block(static_cast<std::byte*>(std::aligned_alloc(64, (bytes + 63) / 64 * 64)));
  if (block == nullptr) throw std::bad_alloc();
  return block;
}

}  // namespace ppo
