#include "process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <system_error>
#include <thread>

namespace ppo::test {
namespace {

using Pipe = std::array<int, 2>;  // read end, write end

void require(bool done, const char* what) {
  if (!done) throw std::system_error(errno, std::generic_category(), what);
}

Pipe make_pipe() {
  Pipe pipe;
  require(pipe2(pipe.data(), O_CLOEXEC) == 0, "pipe2");
  return pipe;
}

/// In the child: never returns. Everything was allocated before the fork but for `environment`, which is fine
/// in a test that has one thread.
[[noreturn]] void become_program(const std::vector<std::string>& arguments, const Launch& launch) {
  std::vector<char*> argv = {const_cast<char*>(launch.program.c_str())};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  if (launch.terminal) {
    setenv("TERM", "xterm", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    unsetenv("NO_COLOR");
  }
  for (const std::string& variable : launch.environment) {
    const std::size_t equals = variable.find('=');
    setenv(variable.substr(0, equals).c_str(), variable.substr(equals + 1).c_str(), 1);
  }
  // Whoever runs the tests in the background has them ignored, and that is inherited.
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(number, SIG_DFL);
  const bool ready = chdir(launch.folder.c_str()) == 0 && (!launch.prepare || launch.prepare());
  if (ready) execv(launch.program.c_str(), argv.data());
  _exit(127);
}

void write_all(int descriptor, std::string_view text) {
  const auto before = std::signal(SIGPIPE, SIG_IGN);  // a child that does not read is no error
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written <= 0) break;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  std::signal(SIGPIPE, before);
}

}  // namespace

Process::Process(const std::vector<std::string>& arguments, const Launch& launch)
    : deadline_(std::chrono::steady_clock::now() + launch.timeout) {
  if (launch.terminal) {
    start_on_terminal(arguments, launch);
  } else {
    start_on_pipes(arguments, launch);
  }
}

void Process::start_on_pipes(const std::vector<std::string>& arguments, const Launch& launch) {
  const Pipe in = make_pipe();
  Pipe out = make_pipe();
  if (!launch.output.empty()) {
    close(out[1]);
    out[1] = open(launch.output.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    require(out[1] >= 0, "open");
  }
  const Pipe err = make_pipe();
  child_ = fork();
  require(child_ >= 0, "fork");
  if (child_ == 0) {
    dup2(in[0], STDIN_FILENO);
    dup2(out[1], STDOUT_FILENO);
    dup2(err[1], STDERR_FILENO);
    become_program(arguments, launch);
  }
  close(in[0]);
  close(out[1]);
  close(err[1]);
  write_all(in[1], launch.input);  // tests give little: it fits the pipe
  close(in[1]);
  open_ = {{out[0], &result_.out}, {err[0], &result_.err}};
}

void Process::start_on_terminal(const std::vector<std::string>& arguments, const Launch& launch) {
  const winsize size = {launch.rows, launch.columns, 0, 0};
  int terminal = -1;
  child_ = forkpty(&terminal, nullptr, nullptr, &size);
  require(child_ >= 0, "forkpty");
  if (child_ == 0) become_program(arguments, launch);
  open_ = {{terminal, &result_.out}};
}

Process::~Process() {
  for (const Stream& stream : open_) close(stream.descriptor);
  if (child_ <= 0) return;
  kill(child_, SIGKILL);
  waitpid(child_, nullptr, 0);
}

void Process::signal(int number) const {
  kill(child_, number);
}

void Process::type(std::string_view keys) const {
  if (!open_.empty()) write_all(open_.front().descriptor, keys);
}

void Process::resize(unsigned short columns, unsigned short rows) const {
  const winsize size = {rows, columns, 0, 0};
  require(ioctl(open_.front().descriptor, TIOCSWINSZ, &size) == 0, "ioctl");
}

bool Process::running() const {
  siginfo_t ended = {};
  // WNOWAIT: wait() still finds it.
  return waitid(P_PID, static_cast<id_t>(child_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         ended.si_pid == 0;
}

bool Process::read_some() {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - std::chrono::steady_clock::now())
          .count();
  if (left <= 0 && !result_.timed_out) {
    result_.timed_out = true;
    kill(child_, SIGKILL);
  }
  if (open_.empty() || result_.timed_out) return false;
  std::vector<pollfd> ready;
  for (const Stream& stream : open_) ready.push_back({stream.descriptor, POLLIN, 0});
  if (poll(ready.data(), ready.size(), static_cast<int>(std::min<long long>(left, 1000))) <= 0) return true;
  for (std::size_t i = ready.size(); i-- > 0;) {
    if (ready[i].revents == 0) continue;
    std::array<char, 4096> buffer;
    const ssize_t count = read(ready[i].fd, buffer.data(), buffer.size());
    if (count > 0) {
      open_[i].text->append(buffer.data(), static_cast<std::size_t>(count));
    } else {  // the end; a terminal reports it as EIO
      close(ready[i].fd);
      open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  return true;
}

bool Process::wait_for_output(std::string_view text) {
  while (result_.out.find(text) == std::string::npos) {
    if (!read_some()) return false;
  }
  return true;
}

void Process::close_output() {
  if (open_.empty() || open_.front().text != &result_.out) return;
  close(open_.front().descriptor);
  open_.erase(open_.begin());
}

Result Process::wait() {
  while (read_some()) {
  }
  int status = 0;
  // It may live on after closing its streams: the deadline holds for that too.
  while (waitpid(child_, &status, WNOHANG) == 0) {
    read_some();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  child_ = -1;
  if (WIFEXITED(status)) result_.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result_.signal = WTERMSIG(status);
  return result_;
}

Result run(const std::vector<std::string>& arguments, const Launch& launch) {
  return Process(arguments, launch).wait();
}

Result run_in_pty(const std::vector<std::string>& arguments, Launch launch) {
  launch.terminal = true;
  return run(arguments, launch);
}

}  // namespace ppo::test
