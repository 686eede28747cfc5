#include "report/svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/html.hpp"
#include "report/page.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

// [pixels]
constexpr double kWidth = 760;
constexpr double kPlotHeight = 300;
constexpr double kLeft = 64;
constexpr double kRight = 28;
constexpr double kRightLabel = 104;  // instead, where thresholds are named there
constexpr double kTitle = 52;        // above the legend
constexpr double kLegendLine = 22;   // one a run, if there are several
constexpr double kBelow = 56;

std::string decimal(double value) {
  return fmt::format("{:.1f}", value);
}

/// "0.25", "500", "1.5M".
std::string tick_label(double value) {
  const std::pair<double, const char*> units[] = {{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e4, "K"}, {0, ""}};
  for (const auto& [from, name] : units) {
    if (std::abs(value) < from) continue;
    const double unit = from == 1e4 ? 1e3 : std::max(from, 1.0);
    return fmt::format("{:.6g}{}", value / unit, name);
  }
  return "";
}

struct Axis {
  double least, most;    // of the values
  double begin, extent;  // where they are drawn [pixels]; a negative extent goes up

  double operator()(double value) const { return begin + (value - least) / (most - least) * extent; }
};

std::string line(const char* style, double x1, double y1, double x2, double y2) {
  return std::string("<line class=\"") + style + "\" x1=\"" + decimal(x1) + "\" y1=\"" + decimal(y1) +
         "\" x2=\"" + decimal(x2) + "\" y2=\"" + decimal(y2) + "\"/>\n";
}

std::string label(const char* attributes, double x, double y, const std::string& text) {
  return "<text x=\"" + decimal(x) + "\" y=\"" + decimal(y) + "\" " + attributes + ">" + escape(text) +
         "</text>\n";
}

/// Cut so that a line holds it.
std::string short_name(const std::string& name) {
  constexpr std::size_t most = 80;
  std::size_t characters = 0;
  for (std::size_t i = 0; i < name.size();
       i += std::max<std::size_t>(utf8_length(std::string_view(name).substr(i)), 1)) {
    if (++characters > most) return name.substr(0, i) + "…";
  }
  return name;
}

class Still {
 public:
  explicit Still(std::span<const ReportedRun> runs) : runs_(runs) {
    for (const ReportedRun& run : runs) {
      curves_.push_back(run.curves[kReturnChart].points());
      std::erase_if(curves_.back(),
                    [](const Curve::Point& point) { return std::isnan(point.spread.middle); });
    }
    const double top = kTitle + (runs.size() > 1 ? kLegendLine * static_cast<double>(runs.size()) : 0);
    double steps = 1;
    double least = 0;
    double most = 0;
    for (const auto& curve : curves_) {
      for (const Curve::Point& point : curve) {
        steps = std::max(steps, static_cast<double>(point.steps));
        least = std::min(least, has_bands() ? point.spread.low : point.spread.middle);
        most = std::max(most, has_bands() ? point.spread.high : point.spread.middle);
      }
    }
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
    if (runs_.size() == 1) return "";
    std::string svg;
    for (std::size_t i = 0; i < runs_.size(); ++i) {
      const double y = kTitle + kLegendLine * static_cast<double>(i);
      svg += line(line_style(i).c_str(), kLeft, y - 4, kLeft + 36, y - 4);
      svg += label("class=\"name\"", kLeft + 46, y, short_name(runs_[i].name));
    }
    return svg;
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
      svg += label("class=\"name\"", right_ + 8, y + 4, "solved: " + tick_label(*run.solved_return));
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

  /// A line of one point; where it has a band, that is a line too.
  std::string dot(std::size_t i, const Curve::Point& p) const {
    const double x = x_(static_cast<double>(p.steps));
    const std::string spread = line(colour(i).c_str(), x, y_(p.spread.low), x, y_(p.spread.high));
    return (has_bands() ? spread : "") + "<circle class=\"" + colour(i) + "\" cx=\"" + decimal(x) +
           "\" cy=\"" + decimal(y_(p.spread.middle)) + "\" r=\"4\"/>\n";
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
  std::vector<std::vector<Curve::Point>> curves_;  // without those that have no number
  std::vector<double> x_ticks_, y_ticks_;
  Axis x_{}, y_{};
  double right_ = 0;  // end of the plot [pixels]
  double height_ = 0;
};

}  // namespace

std::vector<double> axis_ticks(double least, double most, int count) {
  if (!(most > least)) most = least + 1;
  const double rough = (most - least) / count;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (const double factor : {5.0, 2.5, 2.0, 1.0}) {
    if (factor * power >= rough) step = factor * power;
  }
  std::vector<double> ticks;
  for (double i = std::floor(least / step); i * step < most + step * 0.999; ++i) ticks.push_back(i * step);
  return ticks;
}

std::string return_svg(std::span<const ReportedRun> runs) {
  return Still(runs).draw();
}

}  // namespace ppo
