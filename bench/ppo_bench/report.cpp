#include "report.hpp"

#include <fmt/format.h>

#include <limits>

#include "engine/environment.hpp"
#include "engine/work.hpp"
#include "figures.hpp"

namespace ppo::bench {
namespace {

const EnvironmentInfo& environment_of(const Plan& plan) {
  return find_environment(plan.config.env)->info();
}

/// Of each round.
std::vector<double> fractions_of_peak(const Plan& plan, const Rates& rates) {
  std::vector<double> fractions = ratios(rates.sps, rates.peak);
  for (double& fraction : fractions) {
    fraction *= flops_per_step(environment_of(plan), plan.config.hyper);
  }
  return fractions;
}

/// The words for workers.
struct Words {
  const char* worker;
  const char* workers;
  const char* key;  // of their number, in the JSON
  const char* speedup_key;
};

Words words_of(const Result& result) {
  if (result.gpu.is_null()) return {"thread", "threads", "threads", "speedup_over_one_thread"};
  return {"block", "blocks", "blocks_per_agent", "speedup_over_one_block"};
}

/// [B/s], infinite where it was not measured.
double cache_of(const Rates& rates) {
  return rates.cache.empty() ? std::numeric_limits<double>::infinity() : median(rates.cache);
}

std::string stage_table(const Plan& plan, const Rates& rates, const std::string& title) {
  const auto work = work_per_step(environment_of(plan), plan.config.hyper);
  const auto steps = static_cast<double>(batch_size(plan.config.hyper));
  const double peak = median(rates.peak);
  std::string lines = fmt::format("\n{:<11} {:>12} {:>12} {:>10} {:>10} {:>10} {:>8}\n", title, "FLOPs/step",
                                  "bytes/step", "least us", "us/update", "waiting", "ratio");
  for (std::size_t stage = 0; stage < work.size(); ++stage) {
    const StageTime& time = rates.profile[stage];
    const double seconds = time.work + time.wait;
    const double least = least_time(work[stage], peak, cache_of(rates)) * steps;
    lines += fmt::format("{:<11} {:12.0f} {:12.1f} {:10.1f} {:10.1f} {:10.1f}", kStageNames[stage],
                         work[stage].flops, work[stage].bytes, least * 1e6, seconds * 1e6, time.wait * 1e6);
    lines += least > 0 ? fmt::format(" {:8.2f}\n", seconds / least) : fmt::format(" {:>8}\n", "-");
  }
  return lines;
}

/// "1 thread", "4 blocks"
std::string workers_text(const Result& result, const Rates& rates) {
  const Words words = words_of(result);
  return fmt::format("{} {}", rates.workers, rates.workers == 1 ? words.worker : words.workers);
}

/// A row a team: what it reaches, and how it compares with the first.
std::string rates_table(const Plan& plan, const Result& result) {
  const double flops = flops_per_step(environment_of(plan), plan.config.hyper);
  const bool is_cpu = result.gpu.is_null();
  std::string lines = fmt::format("{:<11} {:>12} {:>9} {:>14} {:>9} {:>9}{}\n", words_of(result).workers,
                                  "steps/s", "GFLOP/s", "peak GFLOP/s", "fraction", "speed-up",
                                  is_cpu ? fmt::format(" {:>11}", "barrier us") : "");
  for (std::size_t i = 0; i < result.rates.size(); ++i) {
    const Rates& rates = result.rates[i];
    lines += fmt::format("{:<11} {:12.0f} {:9.1f} {:14.1f} {:9.3f} {:9.3f}", rates.workers, median(rates.sps),
                         median(rates.sps) * flops / 1e9, median(rates.peak) / 1e9,
                         median(fractions_of_peak(plan, rates)),
                         median(ratios(rates.sps, result.rates.front().sps)));
    if (is_cpu) lines += fmt::format(" {:11.2f}", median(result.barriers[i].seconds) * 1e6);
    lines += '\n';
  }
  return lines;
}

std::string cluster_lines(const Json& sizes) {
  std::string lines;
  for (const Json& size : sizes) {
    lines += fmt::format("a barrier of a cluster of {:2} {:7.2f} us; {} blocks resident in such clusters\n",
                         size.at("blocks").get<int>(), size.at("barrier_s").get<double>() * 1e6,
                         size.at("resident_blocks").get<int>());
  }
  return lines;
}

Json sweep_json(const std::vector<SweepPoint>& points) {
  Json sweep = Json::array();
  for (const SweepPoint& point : points) {
    Json entry{{"key", point.key}, {"value", point.value}};
    if (point.skipped.empty()) {
      entry["sps"] = point.sps;
      entry["ratio"] = point.ratio;
    } else {
      entry["skipped"] = point.skipped;
    }
    sweep.push_back(entry);
  }
  return sweep;
}

Json stages_json(const Plan& plan, const Rates& rates) {
  const auto work = work_per_step(environment_of(plan), plan.config.hyper);
  const auto steps = static_cast<double>(batch_size(plan.config.hyper));
  Json stages = Json::array();
  for (std::size_t stage = 0; stage < work.size(); ++stage) {
    stages.push_back({{"stage", kStageNames[stage]},
                      {"work_s", rates.profile[stage].work},
                      {"wait_s", rates.profile[stage].wait},
                      {"flops_per_step", work[stage].flops},
                      {"bytes_per_step", work[stage].bytes},
                      {"least_s", least_time(work[stage], median(rates.peak), cache_of(rates)) * steps}});
  }
  return stages;
}

}  // namespace

std::string table(const Plan& plan, const Result& result) {
  const Hyper& hyper = plan.config.hyper;
  const double flops = flops_per_step(environment_of(plan), hyper);
  const std::string where =
      result.gpu.is_null() ? result.level : result.device + " " + result.gpu.at("name").get<std::string>();
  std::string lines = fmt::format(
      "{}, {} x {} steps per update, {} agents | {} | {:.0f} FLOPs a step | medians of {} rounds\n\n",
      plan.config.env, hyper.num_envs, hyper.num_steps, plan.config.num_seeds, where, flops, plan.rounds);
  lines += rates_table(plan, result);
  for (const BarrierCost& barrier : result.barriers) {
    if (result.gpu.is_null()) break;  // in the table
    lines +=
        fmt::format("a barrier of {:3} blocks {:7.2f} us\n", barrier.workers, median(barrier.seconds) * 1e6);
  }
  if (!result.gpu.is_null()) lines += cluster_lines(result.gpu.at("clusters"));
  for (const Rates& rates : result.rates) lines += stage_table(plan, rates, workers_text(result, rates));
  return lines;
}

std::string submit_line(const Plan& plan, const Result& result) {
  const Hyper& hyper = plan.config.hyper;
  const Json here = machine();
  const std::string level = result.gpu.is_null() ? ", " + result.level : "";
  const std::string name = result.gpu.is_null() ? here.at("processor").get<std::string>()
                                                : result.gpu.at("name").get<std::string>();
  std::string line =
      fmt::format("ppo_bench {}, {}: {}, {}{}, {} cores, {}, compiler {}, {} {} x {} x {}", PPO_VERSION,
                  utc_time("%Y-%m-%d"), name, here.at("architecture").get<std::string>(), level,
                  here.at("cores").get<int>(), here.at("system").get<std::string>(), __VERSION__,
                  plan.config.env, plan.config.num_seeds, hyper.num_envs, hyper.num_steps);
  for (const Rates& rates : result.rates) {
    line += fmt::format("; {} {:.0f} steps/s, {:.3f} of {:.1f} GFLOP/s", workers_text(result, rates),
                        median(rates.sps), median(fractions_of_peak(plan, rates)), median(rates.peak) / 1e9);
  }
  return line + '\n';
}

std::string table(const std::vector<SweepPoint>& points) {
  std::string lines = fmt::format("\n{:<10} {:>8} {:>12} {:>8}\n", "", "", "steps/s", "ratio");
  for (const SweepPoint& point : points) {
    lines += fmt::format("{:<10} {:8}", point.key, point.value);
    lines += point.skipped.empty() ? fmt::format(" {:12.0f} {:8.3f}\n", point.sps, point.ratio)
                                   : " skipped: " + point.skipped + "\n";
  }
  return lines;
}

Json facts_json(const Plan& plan) {
  return {{"version", PPO_VERSION},
          {"numerics_version", kNumericsVersion},
          {"date", utc_time("%Y-%m-%dT%H:%M:%SZ")},
          {"machine", machine()},
          {"compiler", __VERSION__},
          {"config", config_json(plan.config)}};
}

Json to_json(const Plan& plan, const std::vector<SweepPoint>& points) {
  Json json = facts_json(plan);
  json["sweep"] = sweep_json(points);
  return json;
}

Json to_json(const Plan& plan, const Result& result, const std::vector<SweepPoint>& points) {
  const Rates& all = result.rates.back();
  const Words words = words_of(result);
  const double flops = flops_per_step(environment_of(plan), plan.config.hyper);
  Json json = facts_json(plan);
  json["device"] = result.device;
  if (result.gpu.is_null()) {
    json["level"] = result.level;
  } else {
    json["gpu"] = result.gpu;
  }
  json[words.key] = all.workers;
  json["sps"] = median(all.sps);
  json["parameters"] = environment_of(plan).layout(plan.config.hyper.hidden_size).size();
  json["flops_per_step"] = flops;
  json["flops_per_s"] = median(all.sps) * flops;
  json["peak_flops_per_s"] = median(all.peak);
  json["fraction_of_peak"] = median(fractions_of_peak(plan, all));
  if (result.rates.front().workers == 1)
    json[words.speedup_key] = median(ratios(all.sps, result.rates.front().sps));
  if (!result.barriers.empty()) json["barrier_s"] = median(result.barriers.back().seconds);
  if (!result.gpu.is_null()) {
    json["barriers"] = Json::array();
    for (const BarrierCost& barrier : result.barriers) {
      json["barriers"].push_back({{"blocks", barrier.workers}, {"barrier_s", barrier.seconds}});
    }
  }
  json["teams"] = Json::array();
  for (std::size_t i = 0; i < result.rates.size(); ++i) {
    const Rates& rates = result.rates[i];
    Json team{{words.key, rates.workers}, {"sps", rates.sps}, {"peak_flops_per_s", rates.peak}};
    if (result.gpu.is_null()) team["barrier_s"] = result.barriers[i].seconds;
    if (!rates.cache.empty()) team["cache_bytes_per_s"] = rates.cache;
    team["fraction_of_peak"] = fractions_of_peak(plan, rates);
    team["stages_of_an_update"] = stages_json(plan, rates);
    json["teams"].push_back(team);
  }
  json["sweep"] = sweep_json(points);
  return json;
}

}  // namespace ppo::bench
