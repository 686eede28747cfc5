#include "commands/demo.hpp"

#include <unistd.h>

#include <cstdio>
#include <memory>

#include "engine/engine.hpp"
#include "run/checkpoint.hpp"
#include "system/errors.hpp"
#include "system/program.hpp"
#include "system/text.hpp"
#include "terminal/screen.hpp"
#include "training/training.hpp"

namespace ppo {
namespace {

/// Commands to paste, each on a line of its own, however long.
void say_next(const std::filesystem::path& run) {
  std::string label = Screen(STDOUT_FILENO).style().dim("try next");
  for (const std::string& arguments :
       {"eval " + file_word(run.native()) + " --greedy", std::string("--config cartpole-v1 --num-seeds 10"),
        std::string("sweep sweep-cartpole")}) {
    const std::string command = program_command() + ' ' + arguments;
    std::printf("%s", beside(label, kLabelWidth, command, std::string::npos).c_str());
    label.clear();
  }
}

}  // namespace

int run_demo(const DemoCommand& command) {
  const Config& config = command.train.config;
  const std::unique_ptr<Engine> engine = make_engine(config, {}, keeping_bytes(config));
  const StopSignals signals;
  RunFolder folder(command.train);
  const int exit_code = train_to_the_end({.request = command.train,
                                          .engine = *engine,
                                          .folder = &folder,
                                          .signals = signals,
                                          .outcome = no_outcome_yet(config)});
  if (exit_code == kDone) say_next(folder.path());
  return exit_code;
}

}  // namespace ppo
