// Where one can train, as the key `device` says it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ppo {

/// Those that stand for themselves: "auto", "cpu", "cuda".
std::vector<std::string> device_names();

/// Besides them: cuda:0, cuda:1, ...; several as in cuda:0,1, each once; cuda:all. Whether such devices are
/// there shows when they are opened.
bool is_device(std::string_view name);

}  // namespace ppo
