// The training kernel under ThreadSanitizer: no two threads of a grid touch the same memory with nothing
// between that orders them on a card; and the test of that test: without any one of its barriers they do.
// Built with -fsanitize=thread, emulator included. Exit code 0: as it must be.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <string>

#include "kernels/loops.hpp"
#include "ppo/env/cartpole.hpp"
#include "ppo/env/pendulum.hpp"
#include "simt/sanitizers.hpp"
#include "simt/small_environments.hpp"
#include "simt/training.hpp"

namespace ppo::simt::test {
namespace {

using Agent = SizedAgent<CartPole, 64>;
using Kernel = void (*)(Launch);

int g_reports = 0;
bool g_first_ends = false;  // the process
int g_wrong = 0;

template <class Env, int H>
const CudaLoops& loops_of() {
  static const CudaLoops loops = cuda_loops<Env, H>();
  return loops;
}

struct Case {
  const char* name;
  Hyper hyper;
  Teams teams;
  std::int64_t updates;
  const CudaLoops& (*loops)() = loops_of<CartPole, 64>;
};

/// That run with all statistics, of one minibatch an update.
Hyper with_statistics(Hyper hyper) {
  hyper.num_minibatches = 1;
  hyper.update_epochs = 1;
  hyper.norm_obs = true;
  hyper.norm_reward = true;
  return hyper;
}

/// Between them they come to every barrier: environments by warps and by quartets, leaves that blocks share,
/// an update after another, an agent after another, statistics of what was played; and to the ways of a large
/// second layer and of actions that are numbers.
const Case kCases[] = {
    {"two warps an environment",
     {{.num_envs = 5, .num_steps = 7, .num_minibatches = 1}, {.seed = 1, .update_epochs = 2}},
     {.blocks_per_agent = 2},
     2},
    {"a warp an environment",
     {{.num_envs = 10, .num_steps = 4, .num_minibatches = 1}, {.seed = 6, .update_epochs = 1}},
     {.blocks_per_agent = 2},
     1},
    {"quartets",
     {{.num_envs = 66, .num_steps = 2, .num_minibatches = 1, .max_episode_steps = 1},
      {.seed = 2, .update_epochs = 1}},
     {.blocks_per_agent = 2},
     1},
    {"statistics",
     with_statistics({{.num_envs = 5, .num_steps = 3}, {.seed = 4}}),
     {.blocks_per_agent = 2},
     2},
    {"agents in turn",
     {{.num_envs = 3, .num_steps = 5, .num_minibatches = 1}, {.seed = 3, .update_epochs = 1}},
     {.num_agents = 2, .num_teams = 1, .blocks_per_agent = 2},
     1},
    {"128 units, actions that are numbers",
     with_statistics({{.num_envs = 5, .num_steps = 7, .hidden_size = 128}, {.seed = 5}}),
     {.blocks_per_agent = 2},
     1,
     loops_of<Pendulum, 128>},
    {"clusters",
     {{.num_envs = 32, .num_steps = 16, .num_minibatches = 2, .hidden_size = 32},
      {.seed = 7, .update_epochs = 1}},
     {.blocks_per_agent = 16, .cluster_blocks = kClusterBlocks},
     1,
     loops_of<CartPole, 32>},
    {"a fault, which ends an update after its rollout",
     with_statistics({{.num_envs = 5, .num_steps = 7, .hidden_size = 32}, {.seed = 6}}),
     {.num_agents = 2, .num_teams = 1, .blocks_per_agent = 2},
     3,
     loops_of<testing::Faulty, 32>},
};

LaunchRecord run(const Case& which, const Schedule& schedule, Kernel kernel = nullptr) {
  Training training(which.loops(), population_of(which.hyper, which.teams.num_agents), which.teams);
  training.leave_instruments_out();
  return training.run(which.updates, schedule, kernel);
}

/// Reports of one case; hidden when they are wanted.
int reports(const Case& which, const Schedule& schedule, bool hide, Kernel kernel = nullptr) {
  static const int nowhere = open("/dev/null", O_WRONLY);
  __sanitizer_set_report_fd(reinterpret_cast<void*>(static_cast<std::intptr_t>(hide ? nowhere : 2)));
  g_reports = 0;
  try {
    run(which, schedule, kernel);
  } catch (const SimtError& error) {  // as good as a report: a card would hang
    std::printf("  %s\n", error.what());
    ++g_reports;
  }
  return g_reports;
}

void expect_none(const Case& which) {
  for (const Starve starve : {Starve::kNone, Starve::kBlock, Starve::kChanging}) {
    const int count = reports(which, {.seed = 11, .starve = starve}, false);
    std::printf("%s: %d reports\n", which.name, count);
    if (count > 0) ++g_wrong;
  }
}

/// Whether a process of its own, which may read a pointer that nobody has written yet, gives something to
/// notice: a report, or a crash. One that only takes long has not.
bool noticed(const Case& which, const Schedule& schedule, Kernel kernel = nullptr) {
  constexpr unsigned kPatience = 120;  // [s]
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    alarm(kPatience);
    g_first_ends = true;
    _exit(reports(which, schedule, true, kernel) > 0 ? 1 : 0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) return false;
  return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

/// The intact kernel, in the same way: else nothing that is noticed would mean anything.
void expect_unnoticed() {
  for (const Case& which : kCases) {
    if (!noticed(which, {.seed = 11})) continue;
    std::printf("%s: noticed, though intact\n", which.name);
    ++g_wrong;
  }
}

/// In at least one case; another kernel than their own is that of Agent.
void expect_noticed(const std::string& what, const Schedule& schedule, Kernel kernel = nullptr) {
  const bool any = std::any_of(std::begin(kCases), std::end(kCases), [&](const Case& which) {
    const bool fits = kernel == nullptr || which.loops == loops_of<CartPole, 64>;
    return fits && noticed(which, schedule, kernel);
  });
  std::printf("%s: %s\n", what.c_str(), any ? "noticed" : "NOT NOTICED");
  if (!any) ++g_wrong;
}

/// The kernel with one stage's barrier of the team replaced by one of the block.
template <Stage missing>
class WithoutBarrier : public TeamBlock<Agent> {
 public:
  using TeamBlock<Agent>::TeamBlock;

  void end(Stage stage) const {
    arrive(stage);
    if (stage != Stage::rollout) leave(stage);
  }
  void arrive(Stage stage) const {
    if (stage == missing) {
      device::sync_block();
    } else {
      TeamBlock<Agent>::arrive(stage);
    }
  }
  void leave(Stage stage) const {
    if (stage == missing) {
      device::sync_block();
    } else {
      TeamBlock<Agent>::leave(stage);
    }
  }
};

template <Stage missing>
void expect_team_barrier(const char* name) {
  expect_noticed(std::string("without the team's barrier after ") + name, {.seed = 11}, [](Launch launch) {
    train_agents<WithoutBarrier<missing>>(launch, *reinterpret_cast<Shared<Agent>*>(device::shared_memory()));
  });
}

/// Each barrier that the kernel comes to, gone.
void expect_each_site() {
  std::vector<SiteUse> sites;
  for (const Case& which : kCases) {
    for (const SiteUse& site : run(which, {}).sites) {
      const auto same = [&](const SiteUse& known) {
        return known.file == site.file && known.line == site.line;
      };
      if (is_barrier(site.call) && std::none_of(sites.begin(), sites.end(), same)) sites.push_back(site);
    }
  }
  for (const SiteUse& site : sites) {
    const std::string name = site.file.substr(site.file.rfind('/') + 1) + ':' + std::to_string(site.line);
    expect_noticed("without " + std::string(to_string(site.call)) + " at " + name,
                   {.seed = 11, .removed = CallSite{site.file, site.line}});
  }
}

}  // namespace
}  // namespace ppo::simt::test

extern "C" SIMT_UNWATCHED void __tsan_on_report(void*) {
  ++ppo::simt::test::g_reports;
  if (ppo::simt::test::g_first_ends) _exit(1);
}
extern "C" const char* __tsan_default_options() {
  // A crash ends a process at once: reporting it could hang, as the crash may have come in the middle of a
  // report.
  return "exitcode=1:die_after_fork=0:suppress_equal_stacks=0:suppress_equal_addresses=0:"
         "handle_segv=0:handle_sigbus=0:handle_sigfpe=0";
}

int main() {
  using namespace ppo::simt::test;
  for (const Case& which : kCases) expect_none(which);
  expect_unnoticed();
  expect_each_site();
  expect_team_barrier<ppo::Stage::values>("values");
  expect_team_barrier<ppo::Stage::advantages>("advantages");
  expect_team_barrier<ppo::Stage::gradient>("gradient");
  expect_team_barrier<ppo::Stage::reduce>("reduce");
  expect_team_barrier<ppo::Stage::adam>("adam");
  expect_noticed("with counters that order nothing", {.seed = 11, .unordered_counters = true});
  return g_wrong == 0 ? 0 : 1;
}
