// In a build without CUDA.
#include "engine/engine.hpp"
#include "measure.hpp"

namespace ppo::bench {

Result measure_cuda(const Plan& plan) {
  make_engine(plan.config);  // says that there is no CUDA engine
  return {};
}

}  // namespace ppo::bench
