// What a report makes of a run's numbers and of hostile text.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "report/curve.hpp"
#include "report/html.hpp"
#include "report/reported_run.hpp"
#include "report/svg.hpp"

namespace ppo {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

TEST(Quantile, IsNumpys) {
  // numpy.quantile([1, 2, 3, 4], [0, 0.25, 0.5, 0.75, 1])
  const std::pair<double, double> expected[] = {{0, 1}, {0.25, 1.75}, {0.5, 2.5}, {0.75, 3.25}, {1, 4}};
  for (const auto& [q, value] : expected) {
    std::vector<double> values = {3, 1, 4, 2};
    EXPECT_EQ(quantile(values, q), value) << q;
  }
}

TEST(Quantile, LeavesOutWhatIsNoNumber) {
  std::vector<double> values = {kNone, 7, kNone, 1, 4};
  const Spread half = middle_half(values);
  EXPECT_EQ(half.middle, 4);
  EXPECT_EQ(half.low, 2.5);
  EXPECT_EQ(half.high, 5.5);
  std::vector<double> none = {kNone, kNone};
  EXPECT_TRUE(std::isnan(middle_half(none).middle));
}

TEST(Curve, KeepsShortRunsAsTheyAre) {
  Curve curve;
  for (int i = 1; i <= 2000; ++i) curve.add(10 * i, {1.0 * i, 0.5 * i, 2.0 * i});
  const auto points = curve.points();
  ASSERT_EQ(points.size(), 2000U);
  EXPECT_EQ(curve.updates_per_point(), 1);
  EXPECT_EQ(points[499].steps, 5000);
  EXPECT_EQ(points[499].spread.middle, 500);
  EXPECT_EQ(points[499].spread.low, 250);
  EXPECT_EQ(points[499].spread.high, 1000);
}

TEST(Curve, ThinsOutLongRunsAndKeepsTheirExtremes) {
  for (const int updates : {2001, 100'000, 123'457}) {
    Curve curve;
    const auto value = [](int i) { return std::sin(0.37 * i) + (i == 1234 ? 100 : 0); };
    for (int i = 0; i < updates; ++i) curve.add(i + 1, {value(i), value(i), value(i)});
    const auto points = curve.points();
    const auto stride = static_cast<int>(curve.updates_per_point());
    EXPECT_LE(points.size(), Curve::kMostPoints);
    EXPECT_GT(points.size(), Curve::kMostPoints / 2);
    EXPECT_EQ(points.size(), static_cast<std::size_t>((updates + stride - 1) / stride));
    EXPECT_EQ(points.back().steps, updates);
    for (std::size_t p = 0; p < points.size(); ++p) {
      const int first = static_cast<int>(p) * stride;
      const int end = std::min(first + stride, updates);
      double sum = 0, low = value(first), high = value(first);
      for (int i = first; i < end; ++i) {
        sum += value(i);
        low = std::min(low, value(i));
        high = std::max(high, value(i));
      }
      ASSERT_EQ(points[p].steps, end);
      ASSERT_NEAR(points[p].spread.middle, sum / (end - first), 1e-9);
      ASSERT_EQ(points[p].spread.low, low);
      ASSERT_EQ(points[p].spread.high, high);
    }
  }
}

TEST(Curve, LeavesOutUpdatesWithoutANumber) {
  Curve curve;
  for (int i = 0; i < 4000; ++i) {
    const double value = i % 4 == 0 ? 8 : kNone;  // every second point of two updates has none
    curve.add(i + 1, {value, value, value});
  }
  ASSERT_EQ(curve.updates_per_point(), 2);
  EXPECT_EQ(curve.points()[0].spread.middle, 8);
  EXPECT_EQ(curve.points()[0].spread.low, 8);
  EXPECT_TRUE(std::isnan(curve.points()[1].spread.middle));
}

TEST(Html, EscapesAllThatMarksUp) {
  EXPECT_EQ(escape("<b>\"a\" & 'b'</b>"), "&lt;b&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/b&gt;");
  EXPECT_EQ(escape("ü\x1b[0m\xff"), "ü\\x1b[0m\\xff");
  EXPECT_EQ(escape("\uFFFE\uFFFF\uFFFC"), "\uFFFD\uFFFD\uFFFC");
}

TEST(Html, ScriptDataCannotEndItsElement) {
  const std::string name = "</script><!--<script>\xff\u2028";
  const std::string text = script_json({{"name", name}});
  EXPECT_EQ(text.find('<'), std::string::npos);
  EXPECT_TRUE(std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; })) << text;
  EXPECT_EQ(nlohmann::json::parse(text).at("name"), "</script><!--<script>\uFFFD\u2028");
}

TEST(Html, DataUrisAreBase64) {
  // RFC 4648, section 10.
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : vectors) {
    EXPECT_EQ(data_uri("a/b", plain), std::string("data:a/b;base64,") + coded);
  }
  EXPECT_EQ(data_uri("a/b", "\xff\xfe\xfd"), "data:a/b;base64,//79");
}

TEST(Html, FilledInTextIsNotATemplate) {
  EXPECT_EQ(fill("a {{x}} b {{y}}", {{"x", "{{y}}"}, {"y", "2"}}), "a {{y}} b 2");
}

TEST(Html, NamesNoSourceMap) {
  EXPECT_EQ(without_source_map("a\n//# sourceMappingURL=x.js.map\nb"), "a\nb\n");
}

TEST(Html, NumbersAreShort) {
  EXPECT_EQ(number(497.4812), "497.48");
  EXPECT_EQ(number(0.0123456), "0.0123");
  EXPECT_EQ(number(1234567.0), "1,234,567");
  EXPECT_EQ(number(-1234.5), "-1,235");
  EXPECT_EQ(number(3.4e-7), "3.4e-07");
  EXPECT_EQ(number(0.0), "0");
  EXPECT_EQ(number(kNone), "–");
  EXPECT_EQ(duration(0.2), "0.20 s");
  EXPECT_EQ(duration(200), "3 min 20 s");
  EXPECT_EQ(duration(7500), "2 h 5 min");
  EXPECT_EQ(duration(kNone), "–");
  EXPECT_EQ(duration(1e300), "–");
  EXPECT_EQ(plain_time("2026-11-24T20:15:00Z"), "2026-11-24 20:15 UTC");
}

TEST(MedianAgent, HasTheMedianReturn) {
  ReportedRun run;
  for (const double value : {5.0, 1.0, 9.0, 3.0}) run.agents.push_back({.return_100 = value});
  EXPECT_EQ(median_agent(run), 3);  // 3 of 1, 3, 5, 9: the lower of two
  run.agents.push_back({});         // none yet
  run.agents.push_back({.return_100 = 7.0});
  EXPECT_EQ(median_agent(run), 0);
  run.agents.assign(2, {});
  EXPECT_EQ(median_agent(run), 0);
}

}  // namespace
}  // namespace ppo
