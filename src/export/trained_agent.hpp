// The input of an exporter.
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "engine/environment.hpp"
#include "formats/safetensors.hpp"

namespace ppo {

struct TrainedAgent {
  Config config;  // of the run that trains this agent alone
  const EnvironmentInfo& environment;
  std::vector<Tensor> tensors;  // as policy_tensors has them
  std::string param_hash;
};

}  // namespace ppo
