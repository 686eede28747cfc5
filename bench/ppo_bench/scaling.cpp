#include "scaling.hpp"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <semaphore>
#include <utility>

#include "engine/cpu/block.hpp"
#include "engine/cpu/team.hpp"
#include "engine/engine.hpp"
#include "engine/environment.hpp"
#include "engine/population.hpp"
#include "figures.hpp"
#include "report.hpp"
#include "system/cores.hpp"
#include "system/errors.hpp"
#include "system/stopwatch.hpp"

namespace ppo::bench {
namespace {

/// One thread at a time works, each until it comes to a barrier: when its turn comes again, all have been
/// there.
class Turns {
 public:
  explicit Turns(int count) {
    for (int index = 0; index < count; ++index) turns_.emplace_back(0);
    turns_.front().release();
  }
  void begin(std::size_t index) { turns_[index].acquire(); }
  void end(std::size_t index) { turns_[(index + 1) % turns_.size()].release(); }

 private:
  std::deque<std::binary_semaphore> turns_;
};

struct Member {
  Turns& turns;
  std::size_t index;

  static void wait(void* self) {
    auto& [turns, index] = *static_cast<Member*>(self);
    turns.end(index);
    turns.begin(index);
  }
};

/// While it lives, this thread and those that it starts stay on the core that it is on.
class OnThisCore {
 public:
  OnThisCore() {
    cpu_set_t here;
    CPU_ZERO(&here);
    CPU_SET(sched_getcpu(), &here);
    if (sched_getaffinity(0, sizeof before_, &before_) != 0 || sched_setaffinity(0, sizeof here, &here) != 0)
      throw Failure(kRunFailed, "cannot stay on one core");
  }
  OnThisCore(const OnThisCore&) = delete;
  OnThisCore& operator=(const OnThisCore&) = delete;
  ~OnThisCore() { sched_setaffinity(0, sizeof before_, &before_); }

 private:
  cpu_set_t before_;
};

class Trainee {
 public:
  explicit Trainee(const Config& config)
      : sizes_(config.hyper),
        level_(choose_level(*find_environment(config.env), config.run.simd)),
        agent_(allocate_block(level_.loops.agent_bytes(sizes_))),
        scratch_(allocate_block(level_.loops.scratch_bytes(sizes_))) {
    level_.loops.init(sizes_, config.hyper, agent_.get());
  }

  const std::string& level() const { return level_.name; }

  /// Seconds an update of each stage, of the thread that has the most to do in it; over so many updates.
  std::array<double, kStages> train(int threads, int updates) {
    Turns turns(threads);
    std::vector<StageClock> clocks(static_cast<std::size_t>(threads));
    Team team(threads);
    team.run([&](const Worker& of_team) {
      Member member{turns, static_cast<std::size_t>(of_team.index)};
      Worker worker = of_team;
      worker.wait_at = Member::wait;
      worker.barrier = &member;
      worker.clock = &clocks[member.index];
      worker.scratch = scratch_.get();
      UpdateRow row;
      turns.begin(member.index);
      for (int update = 0; update < updates; ++update)
        level_.loops.update(sizes_, agent_.get(), worker, &row);
      turns.end(member.index);
    });
    std::array<double, kStages> most{};
    for (const StageClock& clock : clocks) {
      for (std::size_t stage = 0; stage < kStages; ++stage)
        most[stage] = std::max(most[stage], clock.profile()[stage].work / updates);
    }
    return most;
  }

 private:
  Sizes sizes_;
  Level level_;
  Block agent_;
  Block scratch_;
};

/// One after each stage, and one for the agent's header.
int barriers_of_update(const Hyper& hyper) {
  return 3 + 3 * hyper.update_epochs * hyper.num_minibatches + 1;
}

/// [s] Measured when the scheduler has had the time to give each thread a core.
double barrier_of_two(int rounds) {
  if (usable_cores() < 2) {
    throw Failure(kRunFailed,
                  "--only scaling measures what a barrier of two threads costs, and this process may use one "
                  "core only; allow it two (taskset, cgroup)");
  }
  Team pair(2);
  for (const Stopwatch watch; watch.seconds() < 0.1;) barrier_cost(pair);
  std::vector<double> costs;
  for (int round = 0; round < rounds; ++round) costs.push_back(barrier_cost(pair));
  return median(costs);
}

}  // namespace

double TeamModel::seconds() const {
  double sum = barriers;
  for (const std::vector<double>& stage : most) sum += median(stage);
  return sum;
}

Scaling measure_scaling(const Plan& plan) {
  Trainee trainee(plan.config);
  Scaling scaling{.level = trainee.level(), .barrier = barrier_of_two(plan.rounds), .teams = {}};
  for (const int threads : plan.threads) scaling.teams.push_back({.threads = threads, .most = {}});
  const Stopwatch watch;
  trainee.train(1, 1);
  const int updates = std::max(1, static_cast<int>(plan.seconds / watch.seconds()));
  for (int round = 0; round < plan.rounds; ++round) {
    const OnThisCore pinned;
    for (TeamModel& team : scaling.teams) {
      const auto most = trainee.train(team.threads, updates);
      for (std::size_t stage = 0; stage < kStages; ++stage) team.most[stage].push_back(most[stage]);
    }
  }
  for (TeamModel& team : scaling.teams)
    team.barriers = barriers_of_update(plan.config.hyper) * scaling.barrier * std::log2(team.threads);
  return scaling;
}

std::string table(const Plan& plan, const Scaling& scaling) {
  const auto steps = static_cast<double>(batch_size(plan.config.hyper));
  std::string lines = fmt::format(
      "{}, {} x {} steps per update | {} | as if every thread had a core | medians of {} rounds\n\n",
      plan.config.env, plan.config.hyper.num_envs, plan.config.hyper.num_steps, scaling.level, plan.rounds);
  lines += fmt::format("{:>7} {:>10} {:>8} {:>9}", "threads", "steps/s", "speed-up", "us/update");
  for (const char* stage : kStageNames) lines += fmt::format(" {:>10}", stage);
  lines += fmt::format(" {:>8}\n", "barriers");
  for (const TeamModel& team : scaling.teams) {
    lines += fmt::format("{:7} {:10.0f} {:8.2f} {:9.0f}", team.threads, steps / team.seconds(),
                         scaling.teams.front().seconds() / team.seconds(), team.seconds() * 1e6);
    for (const std::vector<double>& stage : team.most) lines += fmt::format(" {:10.1f}", median(stage) * 1e6);
    lines += fmt::format(" {:8.1f}\n", team.barriers * 1e6);
  }
  return lines;
}

Json to_json(const Plan& plan, const Scaling& scaling) {
  Json json = facts_json(plan);
  json["level"] = scaling.level;
  json["barrier_s"] = scaling.barrier;
  json["teams"] = Json::array();
  for (const TeamModel& team : scaling.teams) {
    Json stages;
    for (std::size_t stage = 0; stage < kStages; ++stage) stages[kStageNames[stage]] = team.most[stage];
    json["teams"].push_back({{"threads", team.threads},
                             {"sps", static_cast<double>(batch_size(plan.config.hyper)) / team.seconds()},
                             {"update_s", team.seconds()},
                             {"barriers_s", team.barriers},
                             {"most_work_s", stages}});
  }
  return json;
}

}  // namespace ppo::bench
