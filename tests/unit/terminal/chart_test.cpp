#include "terminal/chart.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "system/text.hpp"

namespace ppo {
namespace {

using Points = std::vector<ChartPoint>;
using Lines = std::vector<std::string>;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinite = std::numeric_limits<double>::infinity();
constexpr ChartSize kBraille{.columns = 15, .rows = 3, .utf8 = true};
constexpr ChartSize kAscii{.columns = 15, .rows = 3, .utf8 = false};
const Points kDiagonal = {{0, 0}, {10, 10}};

Lines draw(const Points& points, const ChartSize& size, double y_reach = 10) {
  return draw_chart({.points = points, .x_most = 10, .y_reach = y_reach}, size, Style());
}

TEST(Chart, DrawsInBraille) {
  EXPECT_EQ(draw(kDiagonal, kBraille),
            (Lines{"10 ┤       ⢀⡠⠔⠊", "   │   ⢀⡠⠔⠊⠁", " 0 ┤⡠⠔⠊⠁", "   └┬────┬────┬", "    0    5   10"}));
}

TEST(Chart, DrawsInAscii) {
  EXPECT_EQ(draw(kDiagonal, kAscii),
            (Lines{"10 +       ..''", "   |   ..''", " 0 +.''", "   ++----+----+", "    0    5   10"}));
}

TEST(Chart, WithoutPointsIsEmpty) {
  EXPECT_EQ(draw({}, kBraille), (Lines{"10 ┤", "   │", " 0 ┤", "   └┬────┬────┬", "    0    5   10"}));
}

TEST(Chart, OfOnePointIsADot) {
  EXPECT_EQ(draw({{0, 0}}, kBraille)[2], " 0 ┤⡀");
  EXPECT_EQ(draw({{10, 10}}, kBraille)[0], "10 ┤          ⠈");
  EXPECT_EQ(draw({{0, 10}}, kAscii)[0], "10 +'");
}

TEST(Chart, LeavesOutWhatIsNotFinite) {
  const Points points = {{0, 0}, {2, kNone}, {4, kInfinite}, {6, -kInfinite}, {kNone, 3}, {10, 10}};
  EXPECT_EQ(draw(points, kBraille), draw(kDiagonal, kBraille));
  EXPECT_EQ(draw({{1, kNone}}, kBraille), draw({}, kBraille));
}

TEST(Chart, JoinsPointsThatAreFarApart) {
  const Lines lines = draw({{5, 0}, {5, 10}}, kAscii);
  for (std::size_t row = 0; row < 3; ++row) EXPECT_TRUE(lines[row].ends_with(":")) << lines[row];
}

TEST(Chart, HoldsWhatIsBelowZero) {
  const Lines lines = draw({{0, -8}, {10, 4}}, {.columns = 15, .rows = 5, .utf8 = true}, -1);
  EXPECT_EQ(lines, (Lines{" 10 ┤", "    │        ⢀⠤", "  0 ┤     ⡠⠔⠊⠁", "    │ ⢀⡠⠔⠉", "-10 ┤⠊⠁",
                          "    └┬────┬───┬", "     0    5  10"}));
}

TEST(Chart, ReachesTheValueThatIsAsked) {
  EXPECT_TRUE(draw(kDiagonal, kBraille, 475).front().starts_with("500 ┤"));
  EXPECT_TRUE(draw(kDiagonal, kBraille, kNone).front().starts_with("10 ┤"));
}

// So that the redrawing of a chart as it grows moves nothing but the curve.
TEST(Chart, HasItsRowsAtEverySize) {
  for (const bool utf8 : {false, true}) {
    for (std::size_t columns = 12; columns < 90; ++columns) {
      for (std::size_t rows = 2; rows < 14; ++rows) {
        const Lines lines = draw(kDiagonal, {columns, rows, utf8}, 475);
        ASSERT_EQ(lines.size(), columns < 13 ? 0U : rows + kAxisRows);
        for (const std::string& line : lines) EXPECT_LE(ppo::columns(line), columns) << line;
      }
    }
  }
}

TEST(Chart, IsNotDrawnWithoutRoom) {
  EXPECT_EQ(draw(kDiagonal, {.columns = 11, .rows = 3, .utf8 = true}), Lines{});
  EXPECT_EQ(draw(kDiagonal, {.columns = 0, .rows = 3, .utf8 = true}), Lines{});
  EXPECT_EQ(draw(kDiagonal, {.columns = 60, .rows = 1, .utf8 = true}), Lines{});
}

TEST(Chart, ColoursItsCurveAndDimsItsAxes) {
  const Lines lines = draw_chart({kDiagonal, 10, 10}, kBraille, Style(true));
  EXPECT_EQ(lines[2], "\033[2m 0 ┤\033[0m\033[36m⡠⠔⠊⠁\033[0m");
  EXPECT_EQ(lines[3], "\033[2m   └┬────┬────┬\033[0m");
}

}  // namespace
}  // namespace ppo
