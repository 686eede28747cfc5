#include "training/return_curve.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "system/text.hpp"

namespace ppo {
namespace {

constexpr double kFrame = 1.0 / 30;       // [s]
constexpr std::size_t kMostColumns = 65;  // 60 of the curve beside the labels of returns up to 500
constexpr std::size_t kMostRows = 12;     // of the curve
constexpr std::size_t kLeastRows = 4;     // of one that leaves room for other lines
constexpr std::size_t kOtherRows = 13;    // title, axis, summary and prompt

}  // namespace

ReturnCurve::ReturnCurve(const Config& config, const Screen& screen, std::string title)
    : screen_(screen),
      title_(std::move(title)),
      all_steps_(static_cast<double>(num_updates(config.hyper) * batch_size(config.hyper))),
      solved_return_(static_cast<double>(find_environment(config.env)->info().solved_return)),
      block_(screen) {}

void ReturnCurve::update(std::span<const Record> agents, const Timing& timing) {
  const Record& agent = agents.front();
  if (agent.return_mean) points_.push_back({static_cast<double>(agent.steps), *agent.return_mean});
  if (!screen_.can_renew() || timing.wall_s < next_frame_s_) return;
  next_frame_s_ = timing.wall_s + kFrame;
  const std::vector<std::string> frame = lines();
  if (frame.size() < screen_.rows()) block_.show(frame);
}

void ReturnCurve::finish() {
  const std::vector<std::string> frame = lines();
  if (screen_.can_renew() && frame.size() < screen_.rows()) {
    block_.show(frame);
    return;
  }
  for (const std::string& line : frame) std::printf("%s\n", line.c_str());
}

std::vector<std::string> ReturnCurve::lines() const {
  const std::size_t width = screen_.columns() - 1;  // a line that wraps could not be redrawn
  const std::size_t rows = screen_.rows();
  const ChartSize size{.columns = std::min(width, kMostColumns),
                       .rows = std::clamp(rows - std::min(rows, kOtherRows), kLeastRows, kMostRows),
                       .utf8 = screen_.can_renew() && screen_.is_utf8()};
  std::vector<std::string> all = draw_chart({points_, all_steps_, solved_return_}, size, screen_.style());
  if (!all.empty()) all.insert(all.begin(), cut(title_, width));
  return all;
}

}  // namespace ppo
