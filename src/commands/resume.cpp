#include "commands/resume.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "config/config_file.hpp"
#include "config/options.hpp"
#include "config/toml_writer.hpp"
#include "engine/engine.hpp"
#include "run/checkpoint.hpp"
#include "run/checkpoint_files.hpp"
#include "run/policy.hpp"
#include "run/run_json_reader.hpp"
#include "run/saved/saved_agents.hpp"
#include "system/errors.hpp"
#include "system/program.hpp"
#include "system/text.hpp"
#include "terminal/messages.hpp"
#include "training/initial_policy.hpp"
#include "training/training.hpp"

namespace ppo {
namespace {

/// It belongs to the run whose config.toml says `saved`.
void check_belongs(const Checkpoint& checkpoint, const std::filesystem::path& file, const Config& saved) {
  const auto refuse = [&](const std::string& problem) {
    throw Failure(kWrongInput,
                  printable(file.native()) + ": " + problem + "; is it a checkpoint of another run?");
  };
  for (const Option& option : options()) {
    const bool may_differ = may_change(option) || (option.key == "total_timesteps" && !saved.hyper.anneal_lr);
    const std::string there = value_text(checkpoint.config(), option);
    const std::string here = value_text(saved, option);
    if (may_differ || there == here) continue;
    refuse("its " + std::string(option.key) + " is " + there + ", that of the run's config.toml " + here);
  }
  if (checkpoint.update() > num_updates(saved.hyper)) {
    refuse("its update is " + std::to_string(checkpoint.update()) + ", the run's config.toml has " +
           std::to_string(num_updates(saved.hyper)));
  }
}

/// What a killed run has not saved can be made again; what an ended one has saved may not be lost.
void check_may_start_again(const std::filesystem::path& folder, const Config& saved) {
  if (!read_run_json(folder / "run.json", saved.num_seeds)) return;
  throw Failure(kWrongInput, printable(folder.native()) +
                                 " has ended but has no checkpoint to continue from; train again with " +
                                 program_name() + " --config " +
                                 file_word((folder / "config.toml").native()));
}

/// The newest that is whole; nothing if no checkpoint has ever been completed.
std::optional<Checkpoint> newest_checkpoint(const std::filesystem::path& run, const Config& saved) {
  std::vector<CheckpointFile> files = list_checkpoints(run);
  std::optional<Failure> newest_failure;
  std::optional<Checkpoint> checkpoint;
  for (; !files.empty() && !checkpoint; files.pop_back()) {
    try {
      checkpoint.emplace(files.back().path, most_checkpoint_bytes(saved));
      check_belongs(*checkpoint, files.back().path, saved);
    } catch (const DamagedCheckpoint& failure) {
      if (!newest_failure) newest_failure = failure;
    }
  }
  if (!newest_failure) return checkpoint;
  if (!checkpoint) {
    check_may_start_again(run, saved);
    throw Failure(kWrongInput, std::string(newest_failure->what()) +
                                   "; there is no intact checkpoint; move " +
                                   printable(checkpoint_folder(run).native()) + " away to start again");
  }
  say_note(std::string(newest_failure->what()) + "; continuing from the one before it");
  return checkpoint;
}

std::optional<Checkpoint> find_checkpoint(const ResumeCommand& command) {
  if (!command.checkpoint) return newest_checkpoint(*command.train.out, command.saved);
  Checkpoint checkpoint(*command.checkpoint, most_checkpoint_bytes(command.saved));
  check_belongs(checkpoint, *command.checkpoint, command.saved);
  return checkpoint;
}

/// Between the reading of the command line and the lock another process may have extended the run.
void check_unchanged(const ResumeCommand& command) {
  const std::filesystem::path file = *command.train.out / "config.toml";
  if (to_toml(load_config(file)) == to_toml(command.saved)) return;
  throw Failure(kRunFailed, printable(file.native()) + " was changed by another process just now; try again");
}

bool has_extras(const Extras& extras) {
  return extras.film || extras.training_film || extras.report || extras.tensorboard;
}

/// How a run ended for which nothing is left to be done: its agents are as they will always be, what follows
/// from that is saved, and no extra is asked for. Otherwise nothing.
std::optional<RunEnding> finished_ending(const ResumeCommand& command) {
  const std::filesystem::path& folder = *command.train.out;
  if (has_extras(command.train.extras)) return std::nullopt;
  try {
    const std::optional<RunEnding> ending = read_run_json(folder / "run.json", command.saved.num_seeds);
    if (!ending || ending->stopped_by) return std::nullopt;
    const bool is_over = ending->all_stopped() || ending->updates == num_updates(command.train.config.hyper);
    if (!is_over) return std::nullopt;
    const SavedRun run = open_run(folder);
    read_policies(run);
    if (ending->all_have_best()) read_agents(run, PolicyKind::best);
    return ending;
  } catch (const Failure&) {
    return std::nullopt;  // what is damaged is written anew
  }
}

void say_finished(const Config& config, const RunEnding& ending) {
  constexpr const char* kNewRun = "--init-from RUN starts a new run from what it has learned";
  std::string text;
  if (ending.all_stopped()) {
    text = fmt::format("finished: {} stop_at_return {} after {} of {} updates; {}\n",
                       config.num_seeds == 1 ? "the agent has reached" : "all agents have reached",
                       value_text(config, *find_option("stop_at_return")), ending.updates,
                       num_updates(config.hyper), kNewRun);
  } else {
    text = fmt::format("finished: all {} updates are done; {}\n", num_updates(config.hyper),
                       config.hyper.anneal_lr ? std::string("its learning rate has been annealed to 0, so it "
                                                            "cannot be trained for longer; ") +
                                                    kNewRun
                                              : "--total-timesteps N trains on to N steps");
  }
  std::printf("%s", text.c_str());
}

/// What a resumed run does that its user might not expect.
void say_losses(const ResumeCommand& command, std::int64_t update) {
  const std::vector<CheckpointFile> files = list_checkpoints(*command.train.out);
  if (command.checkpoint && !files.empty() && files.back().update > update) {
    say_note("going back to update " + std::to_string(update) + " drops all later updates, up to update " +
             std::to_string(files.back().update));
  }
  if (command.train.extras.training_film && update > 0) {
    say_note("the film of --render-training has no moments before update " + std::to_string(update) +
             "; a checkpoint does not hold them");
  }
}

std::unique_ptr<Engine> engine_for(const Config& config, const std::optional<Checkpoint>& checkpoint) {
  // The checkpoint that is in memory makes room for the next ones.
  const std::uint64_t keeping = keeping_bytes(config);
  const std::uint64_t kept = checkpoint ? checkpoint->bytes().size() : 0;
  try {
    return make_engine(config, {}, keeping - std::min(keeping, kept), checkpoint ? checkpoint->update() : 0);
  } catch (const NotEnoughMemory& problem) {  // whose sizes cannot change any more
    throw Failure(problem.exit_code, problem.need + "; free some, or continue on a larger machine");
  }
}

void restore(const Checkpoint& checkpoint, StandingRun& run) {
  const std::vector<AgentProgress::Memory> progress = checkpoint.progress();
  for (std::int64_t k = 0; k < run.request.config.num_seeds; ++k) {
    const AgentProgress::Memory& memory = progress[static_cast<std::size_t>(k)];
    run.engine.load(k, checkpoint.agent(k));
    if (memory.stopped_at) run.engine.retire(k);
    run.outcome.agents[static_cast<std::size_t>(k)].remember(memory);
    run.outcome.steps += checkpoint.steps(k);
  }
  run.outcome.best = checkpoint.best();
  run.outcome.evaluated_at = checkpoint.evaluated_at();
  run.outcome.updates = checkpoint.update();
  run.outcome.wall_s = checkpoint.wall_s();
  run.saved_at = checkpoint.update();
}

Resumption resumption_of(const ResumeCommand& command, const std::optional<Checkpoint>& checkpoint) {
  const std::filesystem::path& folder = *command.train.out;
  Resumption resumption{.folder = folder, .saved = command.saved, .kept = command.saved, .update = 0};
  // In config.toml only the length of the run changes: other flags hold for this call.
  resumption.kept.hyper.total_timesteps = command.train.config.hyper.total_timesteps;
  if (!checkpoint) return resumption;
  resumption.update = checkpoint->update();
  resumption.evaluated_at = checkpoint->evaluated_at();
  for (const AgentProgress::Memory& memory : checkpoint->progress()) {
    resumption.stopped_at.push_back(memory.stopped_at);
  }
  resumption.best = best_policy_file(command.saved, checkpoint->best());
  std::error_code error;  // when it has no file of its own
  if (!std::filesystem::equivalent(checkpoint->file(), checkpoint_path(folder, resumption.update), error)) {
    resumption.checkpoint = checkpoint->bytes();
  }
  return resumption;
}

}  // namespace

int run_resume(const ResumeCommand& command) {
  const std::filesystem::path& folder = *command.train.out;
  FolderLock lock(folder);
  check_unchanged(command);
  if (const auto ending = command.checkpoint ? std::nullopt : finished_ending(command)) {
    if (!command.train.quiet) say_finished(command.saved, *ending);
    return kDone;
  }
  std::optional<Checkpoint> checkpoint = find_checkpoint(command);
  std::vector<TrainedPolicy> initial;
  if (checkpoint) {
    say_losses(command, checkpoint->update());
  } else {
    check_may_start_again(folder, command.saved);
    Config config = command.train.config;
    if (!config.init_from.empty()) initial = read_initial_policies(config);
    say_note(folder.native() + " has no checkpoint yet; starting again at update 0");
  }
  const std::unique_ptr<Engine> engine = engine_for(command.train.config, checkpoint);
  start_from(initial, *engine);
  const StopSignals signals;
  StandingRun run{.request = command.train,
                  .engine = *engine,
                  .folder = nullptr,
                  .signals = signals,
                  .outcome = no_outcome_yet(command.train.config)};
  if (checkpoint) restore(*checkpoint, run);
  RunFolder run_folder(std::move(lock), resumption_of(command, checkpoint));
  checkpoint.reset();  // its memory
  run.resumed_at = run.outcome.updates;
  run.folder = &run_folder;
  return train_to_the_end(std::move(run));
}

}  // namespace ppo
