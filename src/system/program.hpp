// What this program is called: ppo_train, or a trainer with other environments (cmake/trainer.cmake).
#pragma once

#include <string>
#include <string_view>

namespace ppo {

/// Without folders, for messages and help pages; "ppo_train" unless main has said otherwise.
const std::string& program_name();

/// As it was started, with the folders that were given, for a command to paste into a shell.
const std::string& program_command();

/// From argv[0]. Nothing else may run yet.
void set_program_name(std::string_view path);

}  // namespace ppo
