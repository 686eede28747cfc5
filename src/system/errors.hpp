// Exit codes, and the single exception type that carries one from the point of failure to main.
#pragma once

#include <stdexcept>
#include <string>

namespace ppo {

enum ExitCode {
  kDone = 0,
  kRunFailed = 1,   // I/O, memory, device fault
  kWrongInput = 2,  // arguments, config, file contents
  kNoDevice = 3,    // the device asked for is not there
  kDiverged = 4,    // training produced something that is not a number
};

/// `what()` is one line for the user: what is wrong, where, and what to do about it. main prints it after
/// "ppo_train: ".
class Failure : public std::runtime_error {
 public:
  Failure(ExitCode code, const std::string& message) : std::runtime_error(message), exit_code(code) {}
  ExitCode exit_code;
};

}  // namespace ppo
