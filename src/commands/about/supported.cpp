#include "commands/about/supported.hpp"

#include "config/options.hpp"
#include "engine/cuda/cuda.hpp"

namespace ppo {

std::vector<std::string> engine_names() {
  std::vector<std::string> names = {"cpu"};
  if (has_cuda_engine()) names.push_back("cuda");
  return names;
}

std::vector<std::string> level_names() {
  std::vector<std::string> names = names_in(find_option("simd")->domain);
  std::erase(names, "auto");
  return names;
}

}  // namespace ppo
