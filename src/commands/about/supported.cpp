#include "commands/about/supported.hpp"

#include "engine/cuda/cuda.hpp"

namespace ppo {

std::vector<std::string> engine_names() {
  std::vector<std::string> names = {"cpu"};
  if (has_cuda_engine()) names.push_back("cuda");
  return names;
}

}  // namespace ppo
