// Any bytes as each of the files that a report is made of: refused in a line, or rows in their order.
#include <memory>
#include <sstream>

#include "fuzz.hpp"
#include "run/metrics_reader.hpp"
#include "run/run_json_reader.hpp"

namespace {

using namespace ppo::fuzz;

/// The run of the corpus: seeds 42 and up, 256 steps per update.
ppo::RunExtent extent(std::int64_t num_agents, std::optional<std::int64_t> updates_made) {
  return {.num_agents = num_agents,
          .first_seed = 42,
          .batch = 256,
          .num_updates = 6,
          .updates_made = updates_made};
}

void read_as_metrics(const std::string& bytes, const ppo::RunExtent& run) {
  std::int64_t updates = 0;
  const bool accepted = accepts([&] {
    ppo::read_metrics({std::make_unique<std::istringstream>(bytes), "metrics.csv", run.ended()}, run,
                      [&](std::span<const ppo::MetricsRow> agents) {
                        require(agents.size() == static_cast<std::size_t>(run.num_agents),
                                "each agent has a row");
                        for (const ppo::MetricsRow& row : agents) {
                          require(row.agent == &row - agents.data(), "agents come in order");
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

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(text(data, size));
  if (bytes.starts_with('{')) {
    accepts([&] { ppo::parse_run_json(bytes, "run.json"); });
    return 0;
  }
  read_as_metrics(bytes, extent(1, 6));
  read_as_metrics(bytes, extent(2, std::nullopt));
  read_as_timing(bytes, extent(1, std::nullopt));
  return 0;
}
