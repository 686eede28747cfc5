// What `--device auto` takes: the engine that is expected to be done first. Both end with the same bytes.
#pragma once

#include <optional>
#include <string>

#include "engine/choice/estimate.hpp"
#include "engine/cuda/cuda.hpp"

namespace ppo {

struct EngineChoice {
  bool takes_cuda = false;
  double cpu_s = 0;                   // expected [s]
  std::optional<double> cuda_s = {};  // with the start of CUDA; nothing if no card was considered
  std::string reason = {};            // "done in about 3.1 s, on a GPU in about 5.0 s"
  bool has_card = false;              // as far as one can see, --device cuda would use one
};

/// Where the config's CPU engine would run. Throws Failure as choose_level does.
Processor processor_for(const Config& config);

Card card_of(const CudaDevice& device);

/// The CPU, if it is done before any card could make up for its start; otherwise nothing, and one has to ask
/// the driver.
std::optional<EngineChoice> choose_without_driver(const Workload& work, const Processor& processor);

/// The CPU, since there is no card.
EngineChoice choose_without_card(const Workload& work, const Processor& processor);

/// The card if it saves as long as CUDA takes to start, the CPU otherwise: a GPU that is hardly sooner may be
/// later, and so the CPU is never later by more than a start.
EngineChoice choose_engine(const Workload& work, const Processor& processor, const Card& card);

/// What `auto` takes for a run with so many updates behind it. Asks the driver only if need be, and opens no
/// card. Throws NoCudaDevice if CUDA may be sooner and cannot be used; Failure.
EngineChoice choose_engine(const Config& config, const Population& population, std::int64_t updates_done);

}  // namespace ppo
