// The laboratory: what a card does besides training, and variants of the training kernel beside the usual
// one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "options.hpp"

namespace ppo::bench {

struct CardFigures {
  std::string device;  // "cuda:0"
  Json gpu;            // facts

  struct QuadLoad {
    std::string sharing;  // which lanes of a warp read the same four floats
    double cycles = 0;    // of a multiprocessor that does nothing else
  };
  std::vector<QuadLoad> loads;

  double launch_s = 0;         // from an empty kernel's launch until the host knows that it has ended
  double queued_launch_s = 0;  // of each of many launches in a queue
};

/// On the GPU that plan.config.run.device names. Throws what make_engine does.
CardFigures measure_card(const Plan& plan);

struct VariantTrial {
  std::string names;
  std::vector<double> usual_sps, sps;             // [rounds] steps/s, measured in turn
  std::vector<std::string> usual_hashes, hashes;  // [K] of the parameters that the whole run ends with
};

/// Throws what make_engine does.
VariantTrial measure_variant(const Options& options);

std::string table(const CardFigures& card);
std::string table(const VariantTrial& trial);

/// With the keys that to_json of report.hpp begins with.
Json to_json(const Plan& plan, const CardFigures& card);
Json to_json(const Plan& plan, const VariantTrial& trial);

}  // namespace ppo::bench
