#include "run/new_folder.hpp"

#include "run/facts.hpp"
#include "system/errors.hpp"
#include "system/files.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

std::filesystem::path create_numbered(const std::filesystem::path& parent, const std::string& name) {
  for (int number = 1;; ++number) {
    std::filesystem::path folder = parent / (number == 1 ? name : name + '-' + std::to_string(number));
    if (create_folder(folder)) return folder;
  }
}

}  // namespace

std::filesystem::path create_new_folder(const std::optional<std::filesystem::path>& out, const char* parent,
                                        const std::string& name, std::uint64_t seed) {
  if (!out) {
    return create_numbered(parent,
                           file_name(name) + "-s" + std::to_string(seed) + '-' + utc_time("%Y%m%d-%H%M%S"));
  }
  if (!create_folder(*out)) {
    throw Failure(kWrongInput,
                  "--out: " + quote(out->native()) + " already exists; write the name of a new folder");
  }
  return *out;
}

}  // namespace ppo
