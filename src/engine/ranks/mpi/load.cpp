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
  const void* const table = ::dlsym(module, "ppo_mpi_calls");
  if (table == nullptr) throw Failure(kRunFailed, path + " is not ppo_train's: it has no ppo_mpi_calls");
  return *static_cast<const Calls*>(table);
}

}  // namespace

std::string module_path() {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  for (const char* place : {"ppo_mpi.so", "../" PPO_MODULES "/ppo_mpi.so"}) {
    if (std::filesystem::exists(folder / place, error)) return folder / place;
  }
  return "";
}

std::string without_module() {
  return "this " + program_name() +
         " was built without MPI; build it where CMake finds one, with -DPPO_MPI=ON";
}

const Calls& calls() {
  static const Calls& table = load();
  return table;
}

}  // namespace ppo::mpi
