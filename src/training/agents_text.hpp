// A number of one agent, or of many, in words.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace ppo {

/// Of one agent its number: "487.30", "-" where it has none. Of several the median, least and greatest of
/// those that have one: "487.30 (412.00 ... 500.00)".
std::string agents_text(std::vector<double> values, std::size_t num_agents);

}  // namespace ppo
