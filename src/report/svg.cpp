#include "report/svg.hpp"

#include <algorithm>
#include <cmath>

#include "report/html.hpp"
#include "report/page.hpp"
#include "report/svg_parts.hpp"
#include "system/ticks.hpp"

namespace ppo {
namespace {

// [pixels]
constexpr double kWidth = 760;
constexpr double kPlotHeight = 300;
constexpr double kLeft = 64;
constexpr double kRight = 28;
constexpr double kRightLabel = 104;  // instead, where thresholds are named there
constexpr double kTitle = 52;        // above the legend
constexpr double kLegendLine = 22;   // one a run, if there are several, and one for dots
constexpr double kBelow = 56;

std::vector<Curve::Point> numbers_of(const Curve& curve) {
  std::vector<Curve::Point> points = curve.points();
  std::erase_if(points, [](const Curve::Point& point) { return std::isnan(point.spread.middle); });
  return points;
}

class Still {
 public:
  Still(std::span<const ReportedRun> runs, std::string threshold)
      : runs_(runs), threshold_(std::move(threshold)) {
    double steps = 1;
    double least = 0;
    double most = 0;
    const auto take = [&](const Curve& curve) {
      std::vector<Curve::Point> points = numbers_of(curve);
      for (const Curve::Point& point : points) {
        steps = std::max(steps, static_cast<double>(point.steps));
        least = std::min(least, has_bands() ? point.spread.low : point.spread.middle);
        most = std::max(most, has_bands() ? point.spread.high : point.spread.middle);
      }
      return points;
    };
    for (const ReportedRun& run : runs) {
      curves_.push_back(take(run.curves[kReturnChart]));
      dots_.push_back(take(run.evaluations));
    }
    const bool has_dots = !evaluations_text(runs).empty();
    const double top =
        kTitle + kLegendLine * static_cast<double>((runs.size() > 1 ? runs.size() : 0) + (has_dots ? 1 : 0));
    for (const ReportedRun& run : runs) most = std::max(most, run.solved_return.value_or(most));
    y_ticks_ = axis_ticks(least, most, 5);
    x_ticks_ = axis_ticks(0, steps, 6);
    const bool has_threshold = std::any_of(
        runs.begin(), runs.end(), [](const ReportedRun& run) { return run.solved_return.has_value(); });
    right_ = kWidth - (has_threshold ? kRightLabel : kRight);
    x_ = {0, steps, kLeft, right_ - kLeft};
    y_ = {y_ticks_.front(), y_ticks_.back(), top + kPlotHeight, -kPlotHeight};
    height_ = top + kPlotHeight + kBelow;
  }

  std::string draw() const {
    const std::string width = decimal(kWidth);
    const std::string height = decimal(height_);
    std::string svg =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"" + height +
        "\" viewBox=\"0 0 " + width + ' ' + height + "\" role=\"img\" aria-labelledby=\"title\">\n" +
        "<title id=\"title\">Return over environment steps: " + escape(names()) + "</title>\n<style>\n" +
        std::string(page_file("palette.css")) + std::string(page_file("svg.css")) + "</style>\n" +
        "<rect class=\"paper\" width=\"" + width + "\" height=\"" + height + "\" rx=\"8\"/>\n";
    svg += label("class=\"title\"", kLeft, 30, runs_.size() == 1 ? "Return of " + names() : "Return");
    svg += legend() + axes();
    for (std::size_t i = 0; has_bands() && i < curves_.size(); ++i) svg += band(i);
    for (std::size_t i = 0; i < curves_.size(); ++i) svg += curve(i);
    for (std::size_t i = 0; i < dots_.size(); ++i) {
      for (const Curve::Point& point : dots_[i]) svg += dot(i, point);
    }
    return svg + thresholds() + "</svg>\n";
  }

 private:
  /// Those of many runs would hide each other.
  bool has_bands() const { return runs_.size() <= Report::kFewRuns; }

  std::string names() const {
    std::string names;
    for (const ReportedRun& run : runs_) names += (names.empty() ? "" : ", ") + short_name(run.name);
    return names;
  }

  std::string legend() const {
    const std::string evaluations = evaluations_text(runs_);
    const bool is_single = runs_.size() == 1;
    if (is_single && evaluations.empty()) return "";
    std::string svg;
    double y = kTitle;
    for (std::size_t i = 0; i < runs_.size(); ++i, y += kLegendLine) {
      svg += line(line_style(i), kLeft, y - 4, kLeft + 36, y - 4);
      svg += label("class=\"name\"", kLeft + 46, y, is_single ? "training" : short_name(runs_[i].name));
    }
    if (evaluations.empty()) return svg;
    const double x = is_single ? kLeft + 146 : kLeft + 18;
    if (is_single) y = kTitle;
    const double reach = has_bands() ? 8 : 0;
    svg += circle(is_single ? colour(0) : "muted", x, y - 4, y - 4 - reach, y - 4 + reach);
    return svg + label("class=\"name\"", x + (is_single ? 14 : 28), y, evaluations);
  }

  std::string axes() const {
    std::string svg;
    for (const double tick : y_ticks_) {
      svg += line(tick == y_.least ? "axis" : "grid", kLeft, y_(tick), right_, y_(tick));
      svg += label("text-anchor=\"end\"", kLeft - 10, y_(tick) + 4, tick_label(tick));
    }
    for (const double tick : x_ticks_) {
      if (tick > x_.most) continue;
      svg += line("axis", x_(tick), y_.begin, x_(tick), y_.begin + 5);
      svg += label("text-anchor=\"middle\"", x_(tick), y_.begin + 21, tick_label(tick));
    }
    return svg + label("text-anchor=\"middle\"", (kLeft + right_) / 2, y_.begin + 43,
                       "environment steps of one agent");
  }

  std::string thresholds() const {
    std::string svg;
    std::vector<double> drawn;
    for (const ReportedRun& run : runs_) {
      if (!run.solved_return || std::find(drawn.begin(), drawn.end(), *run.solved_return) != drawn.end())
        continue;
      drawn.push_back(*run.solved_return);
      const double y = y_(*run.solved_return);
      svg += line("threshold", kLeft, y, right_, y);
      svg += label("class=\"name\"", right_ + 8, y + 4, threshold_ + ": " + tick_label(*run.solved_return));
    }
    return svg;
  }

  std::string point(double steps, double value) const {
    return decimal(x_(steps)) + ' ' + decimal(y_(value));
  }

  std::string band(std::size_t i) const {
    std::string path;
    for (const Curve::Point& p : curves_[i]) {
      path += (path.empty() ? "M" : "L") + point(static_cast<double>(p.steps), p.spread.low);
    }
    for (auto p = curves_[i].rbegin(); p != curves_[i].rend(); ++p) {
      path += 'L' + point(static_cast<double>(p->steps), p->spread.high);
    }
    return path.empty() ? "" : "<path class=\"" + colour(i) + " band\" d=\"" + path + "Z\"/>\n";
  }

  /// An evaluation, or a line of one point: where it has a band, that is a line too.
  std::string dot(std::size_t i, const Curve::Point& p) const {
    const double x = x_(static_cast<double>(p.steps));
    const double y = y_(p.spread.middle);
    return has_bands() ? circle(colour(i), x, y, y_(p.spread.low), y_(p.spread.high))
                       : circle(colour(i), x, y, y, y);
  }

  std::string curve(std::size_t i) const {
    if (curves_[i].size() == 1) return dot(i, curves_[i].front());
    std::string path;
    for (const Curve::Point& p : curves_[i]) {
      path += (path.empty() ? "M" : "L") + point(static_cast<double>(p.steps), p.spread.middle);
    }
    return path.empty() ? "" : "<path class=\"" + line_style(i) + "\" d=\"" + path + "\"/>\n";
  }

  std::span<const ReportedRun> runs_;
  std::string threshold_;
  std::vector<std::vector<Curve::Point>> curves_;  // [runs] without those that have no number
  std::vector<std::vector<Curve::Point>> dots_;    // [runs] the same of evaluations
  std::vector<double> x_ticks_, y_ticks_;
  Axis x_{}, y_{};
  double right_ = 0;  // end of the plot [pixels]
  double height_ = 0;
};

}  // namespace

std::string return_svg(std::span<const ReportedRun> runs, const std::string& threshold) {
  return Still(runs, threshold).draw();
}

}  // namespace ppo
