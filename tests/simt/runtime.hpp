// What the functions of ppo::device do in the emulator. All of them speak of the CUDA thread that runs now,
// and end the launch with SimtError where they may not be called.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ppo::simt {

/// A place in the source, of the caller where it is a defaulted argument. (std::source_location needs a newer
/// clang than Debian's.)
struct Where {
  const char* file;
  unsigned line;

  static constexpr Where here(const char* file = __builtin_FILE(), unsigned line = __builtin_LINE()) {
    return {file, line};
  }
};

int thread_index();
int block_index();
std::byte* shared_memory();

void sync_block(Where where);
void sync_group(int group, int threads, Where where);
void sync_warp(Where where);

/// The bits that the source lane brought. `lane` is the source itself, or what tells it from this lane.
std::uint64_t shuffle(std::uint64_t bits, int lane, Where where);
std::uint64_t shuffle_xor(std::uint64_t bits, int mask, Where where);

int cluster_rank();
void sync_cluster(Where where);
void arrive_cluster(Where where);
void wait_cluster(Where where);

/// What a thread wants of a block of its cluster: the bytes that lie where `own` does in its own block.
struct Reach {
  const void* own;
  std::size_t bytes;  // and their alignment
  int rank;           // of the block
};

/// Where they lie, to be read or written at once.
std::byte* load_from_block(const Reach& reach, Where where);
std::byte* store_to_block(const Reach& reach, Where where);

void arrive(std::uint32_t* counter, Where where);
std::uint32_t look(const std::uint32_t* counter, Where where);
void pause(Where where);

void tell_host(std::uint32_t* number, std::uint32_t value, Where where);
std::uint32_t hear_host(const std::uint32_t* number, Where where);

/// A clock that every reading advances.
std::uint64_t clock_cycles();

/// 1 / x, or one of its two neighbours. May be called outside of kernels too.
float reciprocal_estimate(float x);

}  // namespace ppo::simt
