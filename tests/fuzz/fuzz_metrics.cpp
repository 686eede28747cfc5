// Any bytes as each of the files that a report is made of: refused in a line, or rows in their order.
#include <memory>
#include <sstream>

#include "fuzz.hpp"
#include "run/csv/evals_reader.hpp"
#include "run/csv/metrics_reader.hpp"
#include "run/run_json_reader.hpp"

namespace {

using namespace ppo::fuzz;

/// The run of the corpus: seeds 42 and up, 256 steps per update.
ppo::RunExtent extent(std::int64_t num_agents, std::optional<std::int64_t> updates_made) {
  return {.num_agents = num_agents,
          .first_seed = 42,
          .batch = 256,
          .num_updates = 6,
          .updates_made = updates_made,
          .eval_every = 4};
}

void read_as_metrics(const std::string& bytes, const ppo::RunExtent& run) {
  std::int64_t updates = 0;
  const bool accepted = accepts([&] {
    ppo::read_metrics({std::make_unique<std::istringstream>(bytes), "metrics.csv", run.ended()}, run,
                      [&](std::span<const ppo::MetricsRow> agents) {
                        require(run.agents_stop || agents.size() == static_cast<std::size_t>(run.num_agents),
                                "each agent has a row");
                        std::int64_t next = 0;
                        for (const ppo::MetricsRow& row : agents) {
                          require(row.agent >= next && row.agent < run.num_agents, "agents come in order");
                          next = row.agent + 1;
                          require(row.update == updates, "updates come in order");
                          require(row.steps == (updates + 1) * run.batch, "steps are those of the update");
                        }
                        ++updates;
                      });
  });
  require(updates <= run.num_updates, "no update is beyond those planned");
  if (accepted && run.updates_made) require(updates == *run.updates_made, "all updates are there");
}

void read_as_timing(const std::string& bytes, const ppo::RunExtent& run) {
  std::int64_t updates = 0;
  accepts([&] {
    ppo::read_timing({std::make_unique<std::istringstream>(bytes), "timing.csv", run.ended()}, run,
                     [&](const ppo::TimingRow& row) {
                       require(row.update == updates++, "updates come in order");
                       require(row.wall_s >= 0, "time does not go back before the start");
                     });
  });
}

void read_as_evals(const std::string& bytes, const ppo::RunExtent& run) {
  ppo::EvalsRow last;
  accepts([&] {
    ppo::read_evals({std::make_unique<std::istringstream>(bytes), "evals.csv", run.ended()}, run,
                    [&](const ppo::EvalsRow& row) {
                      require(row.agent >= 0 && row.agent < run.num_agents, "it is one of the run's agents");
                      require(
                          row.update > last.update || (row.update == last.update && row.agent > last.agent),
                          "rows come in order");
                      require(row.steps == row.update * run.batch, "steps are those of the update");
                      require(row.update <= run.num_updates, "no update is beyond those planned");
                      last = row;
                    });
  });
}

/// Nobody knows where its agents are done.
ppo::RunExtent stopping(ppo::RunExtent run) {
  run.agents_stop = true;
  return run;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(text(data, size));
  if (bytes.starts_with('{')) {
    accepts([&] { ppo::parse_run_json(bytes, "run.json"); });
    return 0;
  }
  read_as_metrics(bytes, extent(1, 6));
  read_as_metrics(bytes, extent(2, std::nullopt));
  read_as_metrics(bytes, stopping(extent(2, std::nullopt)));
  read_as_evals(bytes, extent(2, 6));
  read_as_evals(bytes, stopping(extent(2, std::nullopt)));
  read_as_timing(bytes, extent(1, std::nullopt));
  return 0;
}
