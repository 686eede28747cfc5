// sweep.json and facts.json.
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <set>
#include <stdexcept>

#include "formats/json_reader.hpp"
#include "report/sweep/sweep_files.hpp"
#include "system/errors.hpp"
#include "system/read_file.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

using json::Value;

constexpr std::size_t kMostBytes = std::size_t{16} << 20;
constexpr std::size_t kMostTrials = 65'536;
constexpr std::size_t kMostSeeds = 1000;

double real_or_none(const Value& object, const char* name) {
  return json::member(object, name).is_null() ? std::numeric_limits<double>::quiet_NaN()
                                              : json::real(object, name);
}

/// One of some words.
std::string one_of(const Value& object, const char* name, const std::vector<std::string>& words) {
  const std::string word = json::text(json::member(object, name), name);
  for (const std::string& known : words) {
    if (word == known) return word;
  }
  throw std::runtime_error(std::string(name) + " must be " + join_or(words) + ", not " + quote(word));
}

std::vector<std::int64_t> wholes(const Value& object, const char* name) {
  std::vector<std::int64_t> numbers;
  for (const Value& one : json::list(object, name)) {
    numbers.push_back(json::whole(Value{{name, one}}, name));
  }
  return numbers;
}

/// As TOML without quotes, which is how trials.csv has it.
std::string plain_value(const Value& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number() || value.is_boolean()) return value.dump();
  throw std::runtime_error("a value must be text, a number, true or false");
}

SweptKey swept_key(const Value& entry) {
  SweptKey key{.key = json::text(json::member(entry, "key"), "key")};
  if (entry.contains("values")) {
    for (const Value& value : json::list(entry, "values")) key.values.push_back(plain_value(value));
    if (key.values.empty()) throw std::runtime_error("the values of " + quote(key.key) + " are none");
    return key;
  }
  key.scale = one_of(entry, "scale", {"linear", "log", "log1m", "pow2"});
  key.least = json::real(entry, "min");
  key.most = json::real(entry, "max");
  const bool fits = key.least < key.most &&
                    (key.scale == "linear" || key.scale == "log1m" || key.least > 0) &&
                    (key.scale != "log1m" || key.most < 1);
  if (!fits) throw std::runtime_error("min and max of " + quote(key.key) + " do not fit its scale");
  return key;
}

std::vector<SweptKey> space(const Value& written) {
  std::vector<SweptKey> keys;
  std::set<std::string> names;
  for (const Value& entry : json::list(written, "space")) {
    keys.push_back(swept_key(entry));
    if (!names.insert(keys.back().key).second) {
      throw std::runtime_error("space has " + quote(keys.back().key) + " twice");
    }
  }
  return keys;
}

std::int64_t trial_of(const Value& object, const ReportedSweep& sweep) {
  const std::int64_t trial = json::whole(object, "trial");
  if (trial < sweep.planned_trials) return trial;
  throw std::runtime_error("there is no trial " + std::to_string(trial) + " of " +
                           std::to_string(sweep.planned_trials));
}

ConfirmedTrial ranked(const Value& entry, const ReportedSweep& sweep) {
  ConfirmedTrial trial{.trial = trial_of(entry, sweep)};
  const Value& values = json::member(entry, "values");
  for (const SweptKey& key : sweep.keys) {
    trial.values.push_back(plain_value(json::member(values, key.key.c_str())));
  }
  trial.score = real_or_none(entry, "score");
  trial.low = real_or_none(entry, "low");
  trial.high = real_or_none(entry, "high");
  trial.reached = json::whole(entry, "reached");
  return trial;
}

std::optional<SweepControl> control(const Value& written) {
  const Value& entry = json::member(written, "control");
  if (entry.is_null()) return std::nullopt;
  return SweepControl{.trials = json::whole(entry, "trials")};
}

SweepMetric metric(const Value& written) {
  const std::string name = one_of(written, "metric", {"steps_to_greedy", "return_100", "best_eval"});
  if (name == "steps_to_greedy") return SweepMetric::steps_to_greedy;
  return name == "return_100" ? SweepMetric::return_100 : SweepMetric::best_eval;
}

void check_sizes(const ReportedSweep& sweep) {
  if (sweep.planned_trials < 1 || static_cast<std::size_t>(sweep.planned_trials) > kMostTrials) {
    throw std::runtime_error("trials must be 1 to 65536");
  }
  if (sweep.seeds.empty() || sweep.seeds.size() > kMostSeeds || sweep.confirm_seeds.size() > kMostSeeds) {
    throw std::runtime_error("seeds must be 1 to 1000");
  }
  for (std::size_t i = 1; i < sweep.rungs.size(); ++i) {
    if (sweep.rungs[i] <= sweep.rungs[i - 1]) throw std::runtime_error("rungs must rise");
  }
}

/// Throws std::runtime_error where something is missing or of another kind.
void take(const Value& written, ReportedSweep& sweep) {
  const Value& complete = json::member(written, "complete");
  if (!complete.is_boolean()) throw std::runtime_error("complete must be true or false");
  sweep.stage = complete.get<bool>() ? SweepStage::complete : SweepStage::running;
  sweep.env = json::text(json::member(written, "env"), "env");
  sweep.method = one_of(written, "method", {"random", "halving", "pbt"});
  sweep.metric = metric(written);
  if (!json::member(written, "target_return").is_null()) {
    sweep.target_return = json::real(written, "target_return");
  }
  sweep.planned_trials = json::whole(written, "trials");
  sweep.seeds = wholes(written, "seeds");
  sweep.confirm_seeds = wholes(written, "confirm_seeds");
  sweep.rungs = wholes(written, "rungs");
  sweep.total_timesteps = json::whole(written, "total_timesteps");
  check_sizes(sweep);
  sweep.keys = space(written);
  for (const Value& entry : json::list(written, "ranking")) sweep.ranking.push_back(ranked(entry, sweep));
  sweep.control = control(written);
}

std::optional<Value> read_json(const std::filesystem::path& file) {
  std::error_code error;
  if (std::filesystem::status(file, error).type() == std::filesystem::file_type::not_found) {
    return std::nullopt;
  }
  try {
    return json::parse(read_file(file, kMostBytes), file.native());
  } catch (const Unreadable& problem) {
    throw Failure(kWrongInput, printable(file.native()) + ": " + problem.what());
  }
}

std::string fact_text(const Value& value, const std::string& name) {
  return value.is_number() ? value.dump() : json::text(value, name);
}

/// Objects in it (the machine) are facts of their own, one level deep.
void take_facts(const Value& written, ReportedSweep& sweep) {
  if (!written.is_object()) throw std::runtime_error("it must be an object");
  for (const auto& [name, value] : written.items()) {
    if (!value.is_object()) {
      sweep.facts.emplace_back(name, fact_text(value, name));
      continue;
    }
    for (const auto& [inner, fact] : value.items()) sweep.facts.emplace_back(inner, fact_text(fact, inner));
  }
}

}  // namespace

bool read_sweep_json(ReportedSweep& sweep) {
  const std::filesystem::path file = sweep.folder / "sweep.json";
  const std::optional<Value> written = read_json(file);
  if (!written) return false;
  try {
    take(*written, sweep);
  } catch (const std::runtime_error& problem) {
    json::refuse(file.native(), problem.what());
  }
  return true;
}

void read_sweep_facts(ReportedSweep& sweep) {
  const std::filesystem::path file = sweep.folder / "facts.json";
  const std::optional<Value> written = read_json(file);
  if (!written) return;
  try {
    take_facts(*written, sweep);
  } catch (const std::runtime_error& problem) {
    json::refuse(file.native(), problem.what());
  }
}

}  // namespace ppo
