// Single-line messages that any part of the program may print.
#pragma once

#include <filesystem>
#include <string>

namespace ppo {

/// On stdout: "saved    runs/a/film.gif", and perhaps in brackets what it is.
void say_saved(const std::filesystem::path& file, const std::string& what = "");

/// On stderr, quiet or not: "ppo_train: note: ..."; in place of a line that renews itself.
void say_note(const std::string& text);

/// On stderr: "ppo_train: <why>". Ends the process at once, with exit code 1: for what no caller can mend.
[[noreturn]] void end_process(const std::string& why);

/// "ppo_train resume RUN", for a shell.
std::string resume_command(const std::filesystem::path& run);

}  // namespace ppo
