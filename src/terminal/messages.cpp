#include "terminal/messages.hpp"

#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "system/errors.hpp"
#include "system/program.hpp"
#include "system/text.hpp"
#include "terminal/screen.hpp"

namespace ppo {
namespace {

void say_error(const std::string& text) {
  if (Screen(STDOUT_FILENO).can_renew()) {
    std::printf("\r\033[K");
    std::fflush(stdout);
  }
  std::cerr << program_name() + ": " + printable(text) + '\n' << std::flush;
}

}  // namespace

void say_saved(const std::filesystem::path& file, const std::string& what) {
  const Screen screen(STDOUT_FILENO);
  const std::string text = printable(file.native()) + (what.empty() ? "" : " (" + what + ")");
  std::printf("%s", beside(screen.style().dim("saved"), kLabelWidth, text, std::string::npos).c_str());
}

void say_note(const std::string& text) {
  say_error("note: " + text);
}

void end_process(const std::string& why) {
  say_error(why);
  _exit(kRunFailed);
}

std::string resume_command(const std::filesystem::path& run) {
  return program_name() + " resume " + file_word(run.native());
}

}  // namespace ppo
