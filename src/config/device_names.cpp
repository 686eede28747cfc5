#include "config/device_names.hpp"

#include <algorithm>
#include <set>

namespace ppo {

std::vector<std::string> device_names() {
  return {"auto", "cpu", "cuda"};
}

bool is_device(std::string_view name) {
  if (std::ranges::count(device_names(), name) > 0 || name == "cuda:all") return true;
  if (!name.starts_with("cuda:")) return false;
  std::set<int> known;
  for (std::size_t begin = 5; begin <= name.size();) {
    const std::size_t end = std::min(name.find(',', begin), name.size());
    const std::string_view index = name.substr(begin, end - begin);
    const bool is_number = !index.empty() && index.size() <= 3 &&
                           index.find_first_not_of("0123456789") == std::string_view::npos;
    if (!is_number || !known.insert(std::stoi(std::string(index))).second) return false;
    begin = end + 1;
  }
  return true;
}

}  // namespace ppo
