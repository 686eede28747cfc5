#include "report.hpp"

#include <cstdarg>
#include <cstdio>

#include "environment.hpp"
#include "work.hpp"

namespace ppo::bench {
namespace {

[[gnu::format(printf, 1, 2)]] std::string text(const char* format, ...) {
  char buffer[256];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(buffer, sizeof buffer, format, arguments);
  va_end(arguments);
  return buffer;
}

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

std::string stage_table(const Plan& plan, const Rates& rates) {
  const auto work = work_per_step(environment_of(plan), plan.config.hyper);
  const auto steps = static_cast<double>(batch_size(plan.config.hyper));
  const double peak = median(rates.peak);
  std::string lines =
      text("\n%-11s %12s %12s %10s %10s %10s %8s\n", rates.threads == 1 ? "1 thread" : "threads",
           "FLOPs/step", "bytes/step", "least us", "us/update", "waiting", "ratio");
  for (std::size_t stage = 0; stage < work.size(); ++stage) {
    const StageTime& time = rates.profile[stage];
    const double seconds = time.work + time.wait;
    const double least = least_time(work[stage], peak, median(rates.cache)) * steps;
    lines += text("%-11s %12.0f %12.1f %10.1f %10.1f %10.1f %8.2f\n", kStageNames[stage], work[stage].flops,
                  work[stage].bytes, least * 1e6, seconds * 1e6, time.wait * 1e6, seconds / least);
  }
  return lines;
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
                      {"least_s", least_time(work[stage], median(rates.peak), median(rates.cache)) * steps}});
  }
  return stages;
}

}  // namespace

std::string table(const Plan& plan, const Result& result) {
  const Hyper& hyper = plan.config.hyper;
  const double flops = flops_per_step(environment_of(plan), hyper);
  std::string lines =
      text("%s, %d x %d steps an update, %lld agents | %s | %.0f FLOPs a step | medians of %d rounds\n\n",
           plan.config.env.c_str(), hyper.num_envs, hyper.num_steps,
           static_cast<long long>(plan.config.num_seeds), result.level.c_str(), flops, plan.rounds);
  lines += text("%-11s %12s %9s %14s %9s\n", "threads", "steps/s", "GFLOP/s", "peak GFLOP/s", "fraction");
  for (const Rates& rates : result.rates) {
    lines += text("%-11d %12.0f %9.1f %14.1f %9.3f\n", rates.threads, median(rates.sps),
                  median(rates.sps) * flops / 1e9, median(rates.peak) / 1e9,
                  median(fractions_of_peak(plan, rates)));
  }
  if (result.rates.size() > 1) {
    lines += text(
        "\n%d threads against 1: %.3f times the steps, %.3f times the peak; a barrier %.2f us\n",
        result.rates.back().threads, median(ratios(result.rates.back().sps, result.rates.front().sps)),
        median(ratios(result.rates.back().peak, result.rates.front().peak)), median(result.barrier) * 1e6);
  }
  for (const Rates& rates : result.rates) lines += stage_table(plan, rates);
  return lines;
}

std::string table(const std::vector<SweepPoint>& points) {
  std::string lines = text("\n%-10s %8s %12s %8s\n", "", "", "steps/s", "ratio");
  for (const SweepPoint& point : points) {
    lines += text("%-10s %8lld", point.key.c_str(), static_cast<long long>(point.value));
    lines += point.skipped.empty() ? text(" %12.0f %8.3f\n", point.sps, point.ratio)
                                   : " skipped: " + point.skipped + "\n";
  }
  return lines;
}

Json to_json(const Plan& plan, const Result& result, const std::vector<SweepPoint>& points) {
  const Rates& all = result.rates.back();
  const double flops = flops_per_step(environment_of(plan), plan.config.hyper);
  Json json;
  json["version"] = PPO_VERSION;
  json["numerics_version"] = kNumericsVersion;
  json["date"] = utc_time("%Y-%m-%dT%H:%M:%SZ");
  json["machine"] = machine();
  json["compiler"] = __VERSION__;
  json["device"] = "cpu";
  json["level"] = result.level;
  json["threads"] = all.threads;
  json["sps"] = median(all.sps);
  json["flops_per_step"] = flops;
  json["flops_per_s"] = median(all.sps) * flops;
  json["peak_flops_per_s"] = median(all.peak);
  json["fraction_of_peak"] = median(fractions_of_peak(plan, all));
  json["speedup_over_one_thread"] = median(ratios(all.sps, result.rates.front().sps));
  json["barrier_s"] = median(result.barrier);
  json["teams"] = Json::array();
  for (const Rates& rates : result.rates) {
    json["teams"].push_back({{"threads", rates.threads},
                             {"sps", rates.sps},
                             {"peak_flops_per_s", rates.peak},
                             {"cache_bytes_per_s", rates.cache},
                             {"fraction_of_peak", fractions_of_peak(plan, rates)},
                             {"stages_of_an_update", stages_json(plan, rates)}});
  }
  json["sweep"] = Json::array();
  for (const SweepPoint& point : points) {
    Json entry{{"key", point.key}, {"value", point.value}};
    if (point.skipped.empty()) {
      entry["sps"] = point.sps;
      entry["ratio"] = point.ratio;
    } else {
      entry["skipped"] = point.skipped;
    }
    json["sweep"].push_back(entry);
  }
  json["config"] = config_json(plan.config);
  return json;
}

}  // namespace ppo::bench
