// Variants of the training kernel for the laboratory: other ways to do the same, with the same bits. Only
// ppo_bench turns them on, to time them beside the usual way. One that is faster becomes the usual way, and
// its entry goes; so does the entry of one that is not.
#pragma once

#include <cstdint>

namespace ppo {

struct KernelVariant {
  const char* name;
  std::uint32_t bit;            // in Launch::variants
  const char* what;             // it changes
  const char* prediction = "";  // what it should do to steps/s; written before it was measured
};

inline constexpr std::uint32_t kPollWithPause = 1u << 0;
inline constexpr std::uint32_t kWithoutClusters = 1u << 1;

inline constexpr KernelVariant kKernelVariants[] = {
    {"poll_with_pause", kPollWithPause,
     "at a barrier the thread that waits sleeps 20 ns between two looks at the counter",
     "1.00 +- 0.02: fewer looks are in the way of the arrivals, and each wait ends up to 40 ns later"},
    {"without_clusters", kWithoutClusters,
     "blocks that could form clusters do not: three barriers of the team a minibatch instead of one",
     "0.88 where one agent has 128 blocks; 0.94 if a cluster's barrier takes 0.6 us instead of 0.3, or if "
     "blocks exchange 8 bytes a cycle instead of 12"},
};

}  // namespace ppo
