// The machine of ppo_train_on_stand_in: it has as many cards as the environment variable PPO_STAND_IN_CARDS
// says.
#include <cstdlib>

#include "cuda_stand_in/stand_in.hpp"

namespace {

[[gnu::constructor]] void install_machine() {
  const char* cards = std::getenv("PPO_STAND_IN_CARDS");
  ppo::stand_in::install({.devices = cards == nullptr ? 0 : std::atoi(cards)});
}

}  // namespace

/// For AddressSanitizer: MPI keeps memory to the end of the process.
extern "C" const char* __asan_default_options() {
  return "detect_leaks=0";
}
