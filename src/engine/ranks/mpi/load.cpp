#include <dlfcn.h>

#include <filesystem>

#include "engine/ranks/mpi/calls.hpp"
#include "system/errors.hpp"
#include "system/program.hpp"

namespace ppo::mpi {
namespace {

const Calls& load() {
  const std::string path = module_path();
  if (path.empty()) throw Failure(kWrongInput, without_module());
  // With all its symbols, which an MPI's own modules look for.
  void* const module = ::dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL);
  if (module == nullptr) throw Failure(kRunFailed, std::string("cannot load the MPI: ") + ::dlerror());
  const auto* const table = static_cast<const Calls*>(::dlsym(module, "ppo_mpi_calls"));
  if (table == nullptr || table->calls_version != kCallsVersion) {
    throw Failure(kRunFailed,
                  path + " is not that of this " + program_name() + "; install both from the same build");
  }
  return *table;
}

}  // namespace

std::string module_path() {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  if (error) return "";
  for (const char* place : {"ppo_mpi.so", PPO_MODULES "/ppo_mpi.so"}) {
    if (std::filesystem::exists(folder / place, error)) return folder / place;
  }
  return "";
}

std::string without_module() {
  return "this " + program_name() +
         " has no MPI: there is no ppo_mpi.so beside it; copy that, too, or build it with -DPPO_MPI=ON";
}

const Calls& calls() {
  static const Calls& table = load();
  return table;
}

}  // namespace ppo::mpi
