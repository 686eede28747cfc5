#include "run/csv/metrics_csv.hpp"

#include <charconv>
#include <cmath>
#include <concepts>
#include <fstream>

#include "run/csv/evals_reader.hpp"
#include "run/csv/metrics_reader.hpp"

namespace ppo {
namespace {

constexpr std::string_view kMetricsHeader =
    "agent,seed,update,steps,episodes,return_mean,return_100,length_mean,loss_policy,loss_value,entropy,"
    "approx_kl,clip_fraction,explained_variance,grad_norm,lr,return_min,return_max\n";
constexpr std::string_view kTimingHeader = "update,wall_s,steps_per_s\n";
constexpr std::string_view kEvalsHeader =
    "agent,update,steps,return_mean,return_std,return_min,return_max,length_median,capped\n";

/// A comma-separated line in the making. Numbers take the shortest form that reads back to the same bits.
class Line {
 public:
  template <class Number>
  requires std::integral<Number> || std::floating_point<Number> Line& operator<<(Number value) {
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    return append({digits, static_cast<std::size_t>(end - digits)});
  }

  template <class Number>
  Line& operator<<(const std::optional<Number>& value) {
    return value ? *this << *value : append("");
  }

  std::string end() { return text_ + '\n'; }

 private:
  Line& append(std::string_view field) {
    if (started_) text_ += ',';
    text_ += field;
    started_ = true;
    return *this;
  }

  std::string text_;
  bool started_ = false;
};

std::string metrics_line(const Record& record) {
  const UpdateRow& row = record.row;
  Line line;
  line << record.agent << record.seed << row.update << record.steps << row.episodes << record.return_mean
       << record.return_100 << record.length_mean << row.loss_policy << row.loss_value << row.entropy
       << row.approx_kl << row.clip_fraction << record.explained_variance << row.grad_norm << row.lr
       << record.return_min << record.return_max;
  return line.end();
}

/// What is not finite is no number: who plays an environment with such rewards gets an empty cell.
std::string evals_line(const EvalRecord& record) {
  const auto finite = [](double number) {
    return std::isfinite(number) ? std::optional(number) : std::nullopt;
  };
  const EpisodeStatistics& episodes = record.episodes;
  Line line;
  line << record.agent << record.update << record.steps << finite(episodes.mean) << finite(episodes.std)
       << finite(episodes.min) << finite(episodes.max) << episodes.median_length << episodes.capped;
  return line.end();
}

/// Rows of another version's columns could not be gone on with.
void check_header(const std::filesystem::path& file, std::string_view header) {
  std::string line;
  std::getline(std::ifstream(file, std::ios::binary), line);
  if (line + '\n' != header)
    CsvReader(file, RunEnded::no).refuse("its columns are not those of this program");
}

}  // namespace

CsvSizes csv_sizes(const std::filesystem::path& folder, const RunExtent& run, std::int64_t updates,
                   std::int64_t evaluated_at) {
  const std::filesystem::path metrics = folder / "metrics.csv";
  const std::filesystem::path timing = folder / "timing.csv";
  CsvSizes sizes{metrics_size({metrics, RunEnded::no}, run, updates),
                 timing_size({timing, RunEnded::no}, run, updates),
                 {}};
  check_header(metrics, kMetricsHeader);
  check_header(timing, kTimingHeader);
  if (run.eval_every > 0) {
    const std::filesystem::path evals = folder / "evals.csv";
    sizes.evals = evals_size({evals, RunEnded::no}, run, evaluated_at);
    check_header(evals, kEvalsHeader);
  }
  return sizes;
}

CsvSink::CsvSink(const std::filesystem::path& folder, bool evaluates)
    : metrics_(folder / "metrics.csv", kMetricsHeader), timing_(folder / "timing.csv", kTimingHeader) {
  if (evaluates) evals_.emplace(folder / "evals.csv", kEvalsHeader);
}

CsvSink::CsvSink(const std::filesystem::path& folder, const CsvSizes& kept)
    : metrics_(folder / "metrics.csv", kept.metrics), timing_(folder / "timing.csv", kept.timing) {
  if (kept.evals) evals_.emplace(folder / "evals.csv", *kept.evals);
}

void CsvSink::sync() {
  metrics_.sync();
  timing_.sync();
  if (evals_) evals_->sync();
}

void CsvSink::update(std::span<const Record> agents, const Timing& timing) {
  std::string lines;
  for (const Record& record : agents) lines += metrics_line(record);
  metrics_.append(lines);
  Line line;
  line << agents.front().row.update << timing.wall_s << timing.steps_per_s;
  timing_.append(line.end());
}

void CsvSink::evaluated(std::span<const EvalRecord> agents) {
  std::string lines;
  for (const EvalRecord& record : agents) lines += evals_line(record);
  evals_->append(lines);
}

}  // namespace ppo
