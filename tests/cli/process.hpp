// Runs the real binaries as their users would: piped or on a terminal, to its end or with signals on the way.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "read_file.hpp"
#include "temporary_folder.hpp"

namespace ppo::test {

struct Launch {
  std::filesystem::path program = PPO_TRAIN_BINARY;
  std::filesystem::path folder = ".";         // to run in
  std::vector<std::string> environment = {};  // "NAME=value", on top of the test's own
  std::string input = {};                     // on its standard input; nothing on a terminal
  std::chrono::seconds timeout{60};           // then it is killed
  std::filesystem::path output = {};  // takes its standard output, which Result then lacks; not on a terminal
  /// All three streams are one terminal that has colours and UTF-8; everything comes as `out`.
  bool terminal = false;
  unsigned short columns = 80;  // of it
  unsigned short rows = 24;
  /// Called in the child, last: sets limits, for example. Where it returns false nothing is run: exit code
  /// 127.
  std::function<bool()> prepare = {};
};

struct Result {
  int exit_code = -1;  // -1: it did not exit by itself
  int signal = 0;      // that ended it; 0: none
  bool timed_out = false;
  std::string out;
  std::string err;
};

/// A running program.
class Process {
 public:
  explicit Process(const std::vector<std::string>& arguments, const Launch& launch = {});
  ~Process();  // kills what is still running
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void signal(int number) const;

  /// On its terminal: "\x03" is Ctrl-C.
  void type(std::string_view keys) const;

  /// Gives its terminal another size.
  void resize(unsigned short columns, unsigned short rows) const;

  /// It has not ended. Reads nothing, so that one that prints much may stand still.
  bool running() const;

  /// Reads until standard output holds `text`; false if it ends or times out before.
  bool wait_for_output(std::string_view text);

  /// As a reader that leaves: what it prints from now on reaches nobody.
  void close_output();

  /// Until it has ended. Callable once.
  Result wait();

  pid_t id() const { return child_; }

 private:
  struct Stream {
    int descriptor;
    std::string* text;
  };

  void start_on_pipes(const std::vector<std::string>& arguments, const Launch& launch);
  void start_on_terminal(const std::vector<std::string>& arguments, const Launch& launch);
  /// Appends what comes within a moment; false when both streams have ended or time is up (then it is
  /// killed).
  bool read_some();

  pid_t child_ = -1;
  std::vector<Stream> open_;  // streams that have not ended
  std::chrono::steady_clock::time_point deadline_;
  Result result_;
};

/// From start to end.
Result run(const std::vector<std::string>& arguments, const Launch& launch = {});
Result run_in_pty(const std::vector<std::string>& arguments, Launch launch = {});

}  // namespace ppo::test
