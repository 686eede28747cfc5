#include "lab.hpp"

#include <fmt/format.h>

#include "engine_timing.hpp"
#include "figures.hpp"
#include "report.hpp"
#include "run/policy_hash.hpp"

namespace ppo::bench {
namespace {

std::vector<std::string> hashes_of_run(const Config& config, Instruments instruments) {
  const auto engine = engine_to_measure(config, instruments);
  engine->run(num_updates(config.hyper));
  std::vector<std::string> hashes;
  for (std::int64_t k = 0; k < config.num_seeds; ++k) hashes.push_back(param_hash(engine->params(k)));
  return hashes;
}

}  // namespace

VariantTrial measure_variant(const Options& options) {
  const Plan& plan = options.plan;
  const Instruments changed{.variants = options.variants};
  VariantTrial trial{.names = options.variant_names,
                     .usual_sps = {},
                     .sps = {},
                     .usual_hashes = hashes_of_run(plan.config, {}),
                     .hashes = hashes_of_run(plan.config, changed)};
  const auto usual = warm_engine(plan.config);
  const auto variant = warm_engine(plan.config, changed);
  for (int round = 0; round < plan.rounds; ++round) {
    trial.usual_sps.push_back(steps_per_second(*usual, plan.config, plan.seconds));
    trial.sps.push_back(steps_per_second(*variant, plan.config, plan.seconds));
  }
  return trial;
}

std::string table(const CardFigures& card) {
  std::string lines = card.device + " " + card.gpu.at("name").get<std::string>() + "\n\n";
  for (const Json& clusters : card.gpu.at("clusters")) {
    lines += fmt::format("blocks of the training kernel at once, in clusters of {:2}: {:4}\n",
                         clusters.at("blocks").get<int>(), clusters.at("resident_blocks").get<int>());
  }
  lines += '\n';
  for (const CardFigures::QuadLoad& load : card.loads) {
    lines += fmt::format("four floats a lane from shared memory, {:<42} {:6.2f} cycles a warp\n",
                         load.sharing, load.cycles);
  }
  lines += fmt::format("\nan empty launch {:.1f} us, of many in a queue {:.1f} us each\n",
                       card.launch_s * 1e6, card.queued_launch_s * 1e6);
  return lines;
}

std::string table(const VariantTrial& trial) {
  return fmt::format("{}: {:.0f} steps/s, usually {:.0f}: {:.3f} times, medians of {} rounds; {}\n",
                     trial.names, median(trial.sps), median(trial.usual_sps),
                     median(ratios(trial.sps, trial.usual_sps)), trial.sps.size(),
                     trial.hashes == trial.usual_hashes ? "the same bits" : "OTHER BITS");
}

Json to_json(const Plan& plan, const CardFigures& card) {
  Json json = facts_json(plan);
  json["device"] = card.device;
  json["gpu"] = card.gpu;
  json["quad_loads"] = Json::array();
  for (const CardFigures::QuadLoad& load : card.loads) {
    json["quad_loads"].push_back({{"sharing", load.sharing}, {"cycles", load.cycles}});
  }
  json["launch_s"] = card.launch_s;
  json["queued_launch_s"] = card.queued_launch_s;
  return json;
}

Json to_json(const Plan& plan, const VariantTrial& trial) {
  Json json = facts_json(plan);
  json["variant"] = trial.names;
  json["usual_sps"] = trial.usual_sps;
  json["sps"] = trial.sps;
  json["ratio"] = median(ratios(trial.sps, trial.usual_sps));
  json["usual_hashes"] = trial.usual_hashes;
  json["hashes"] = trial.hashes;
  json["same_bits"] = trial.hashes == trial.usual_hashes;
  return json;
}

}  // namespace ppo::bench
