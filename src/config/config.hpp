// A run as its user describes it: what fixes the result (Hyper, env, num_seeds) and what does not
// (RunOptions).
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "ppo/hyper.hpp"

namespace ppo {

/// How to run: never changes a byte of the result.
struct RunOptions {
  std::string device = "auto";          // auto | cpu | cuda | cuda:N
  std::string simd = "auto";            // auto | avx512 | avx2 | scalar
  std::int32_t threads = 0;             // 0: all cores that the process may use
  std::int32_t blocks_per_agent = 0;    // of the CUDA engine; 0: as many as help and fit
  std::int32_t updates_per_launch = 0;  // of the CUDA engine, at most; 0: about 10 ms of work
  std::int64_t log_every = 10;          // [updates] between plain lines when the output is no terminal
  std::int64_t checkpoint_every = 0;    // [updates] between checkpoints; 0: only every 30 s
  std::int64_t keep = 3;                // checkpoints
};

constexpr std::int64_t kMostSamples = std::int64_t{1} << 30;  // of one update: indices fit 32 bits
constexpr std::int64_t kLastSeed = std::numeric_limits<std::int64_t>::max();  // TOML has no larger integers

struct Config {
  std::string env = "cartpole";
  Hyper hyper;
  std::int64_t num_seeds = 1;       // K agents with seeds seed, seed + 1, ...
  std::string init_from = {};       // the run folder or policy file that training starts from; empty: none
  std::string init_from_hash = {};  // of what it has learned; empty: any
  RunOptions run;
};

}  // namespace ppo
