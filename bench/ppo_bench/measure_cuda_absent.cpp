// In a build without CUDA.
#include "engine/engine.hpp"
#include "lab.hpp"
#include "measure.hpp"

namespace ppo::bench {

// Both: make_engine says that there is no CUDA engine.
Result measure_cuda(const Plan& plan) {
  make_engine(plan.config);
  return {};
}

CardFigures measure_card(const Plan& plan) {
  make_engine(plan.config);
  return {};
}

}  // namespace ppo::bench
