// ppo_train: what to do comes from the command line, how it went goes to the exit code.
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <iostream>
#include <new>
#include <string>
#include <variant>
#include <vector>

#include "commands/about/commit.hpp"
#include "commands/about/version.hpp"
#include "commands/check_env.hpp"
#include "commands/command_line.hpp"
#include "commands/demo.hpp"
#include "commands/envs.hpp"
#include "commands/eval.hpp"
#include "commands/export.hpp"
#include "commands/flags/job_flags.hpp"
#include "commands/info.hpp"
#include "commands/render.hpp"
#include "commands/report.hpp"
#include "commands/resume.hpp"
#include "commands/resume_sweep.hpp"
#include "commands/sweep.hpp"
#include "commands/train.hpp"
#include "system/errors.hpp"
#include "system/program.hpp"
#include "system/text.hpp"
#include "terminal/screen.hpp"

namespace {

/// If a standard stream was closed, the next file opened would take its number and receive what is printed.
/// Put something there that fails when used, as the closed one would have.
void occupy_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) == -1) open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

struct Execute {
  int operator()(const ppo::PrintText& command) const {
    std::cout << command.text;
    return ppo::kDone;
  }
  int operator()(const ppo::VersionCommand& command) const {
    return ppo::run_version(command, ppo::commit());
  }
  int operator()(const ppo::TrainRequest& command) const { return ppo::run_train(command); }
  int operator()(const ppo::DemoCommand& command) const { return ppo::run_demo(command); }
  int operator()(const ppo::SweepCommand& command) const { return ppo::run_sweep(command); }
  int operator()(const ppo::ResumeCommand& command) const { return ppo::run_resume(command); }
  int operator()(const ppo::ResumeSweepCommand& command) const { return ppo::run_resume_sweep(command); }
  int operator()(const ppo::EvalCommand& command) const { return ppo::run_eval(command); }
  int operator()(const ppo::RenderCommand& command) const { return ppo::run_render(command); }
  int operator()(const ppo::ReportCommand& command) const { return ppo::run_report(command); }
  int operator()(const ppo::ExportCommand& command) const { return ppo::run_export(command); }
  int operator()(const ppo::EnvsCommand& command) const { return ppo::run_envs(command); }
  int operator()(const ppo::CheckEnvCommand& command) const { return ppo::run_check_env(command); }
  int operator()(const ppo::InfoCommand& command) const { return ppo::run_info(command); }
};

bool output_written() {
  return std::cout.flush().good() && std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
}

/// Why it was not, as far as the stream still tells: occupy_standard_streams made a closed one read-only, and
/// a pipe without a reader is in error.
std::string output_problem() {
  if ((fcntl(STDOUT_FILENO, F_GETFL) & O_ACCMODE) == O_RDONLY) return "it is closed";
  pollfd stream{.fd = STDOUT_FILENO, .events = POLLOUT, .revents = 0};
  const bool has_no_reader = poll(&stream, 1, 0) == 1 && (stream.revents & POLLERR) != 0;
  return has_no_reader ? "what reads it has ended" : "is the disk full?";
}

int fail(int exit_code, const std::string& message) {
  const std::string name = ppo::Screen(STDERR_FILENO).style().bad(ppo::program_name() + ":");
  std::cerr << name + ' ' + ppo::printable(message) + '\n' << std::flush;
  return exit_code;
}

/// What `act` returns; or what it throws, said in a line.
template <class Act>
int exit_code_of(const Act& act) {
  try {
    return act();
  } catch (const ppo::Failure& failure) {
    return fail(failure.exit_code, failure.what());
  } catch (const std::bad_alloc&) {
    return fail(ppo::kRunFailed, "there is not enough memory; free some, or use a smaller config");
  } catch (const std::exception& error) {
    return fail(ppo::kRunFailed, error.what());
  }
}

int execute(const std::vector<std::string>& arguments) {
  const ppo::Screen screen(STDOUT_FILENO);
  const ppo::Page page{.width = screen.page_columns(), .on_terminal = screen.is_terminal()};
  const int exit_code = std::visit(Execute{}, ppo::parse_command_line(arguments, page));
  if (output_written()) return exit_code;
  return fail(exit_code == ppo::kDone ? int{ppo::kRunFailed} : exit_code,
              "cannot write to the standard output; " + output_problem());
}

}  // namespace

int main(int argc, char** argv) {
  occupy_standard_streams();
  if (argc > 0) ppo::set_program_name(argv[0]);
  // A reader that has left and a limit on the size of files are errors of writing, not ends without a word.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  return exit_code_of([&] {
    ppo::RankSession session(ppo::take_job_flags(arguments));
    if (session.serves()) return session.serve();
    return session.end(exit_code_of([&] { return execute(arguments); }));
  });
}
