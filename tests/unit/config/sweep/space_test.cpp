// The scales of a sweep: units become values and values units.
#include "config/sweep/space.hpp"

#include <map>
#include <random>
#include <string>

#include "config/sweep/sweep_options.hpp"
#include "unit/config/sweep/sweep_text.hpp"

namespace ppo::test {
namespace {

double real(const Value& value) {
  return std::get<double>(value);
}

std::int64_t whole(const Value& value) {
  return std::get<std::int64_t>(value);
}

/// A double that a float holds.
double as_float(double number) {
  return static_cast<double>(static_cast<float>(number));
}

constexpr double kLast = 1 - 0x1p-53;

TEST(SweepSpace, RealNumbersAreUniformOnTheirScale) {
  const Dimension linear = dimension_of("clip_coef = { min = 0.1, max = 0.5 }");
  EXPECT_EQ(real(value_at(linear, 0)), as_float(0.1));
  EXPECT_EQ(real(value_at(linear, 0.5)), as_float(0.3));
  EXPECT_EQ(real(value_at(linear, kLast)), as_float(0.5));
  const Dimension log = dimension_of("lr = { min = 1e-4, max = 1e-2, scale = \"log\" }");
  EXPECT_EQ(real(value_at(log, 0)), as_float(1e-4));
  EXPECT_EQ(real(value_at(log, 0.5)), as_float(1e-3));
  EXPECT_EQ(real(value_at(log, kLast)), as_float(1e-2));
  const Dimension log1m = dimension_of("gamma = { min = 0.9, max = 0.999, scale = \"log1m\" }");
  EXPECT_EQ(real(value_at(log1m, 0)), as_float(0.9));
  EXPECT_EQ(real(value_at(log1m, 0.5)), as_float(0.99));
  EXPECT_EQ(real(value_at(log1m, kLast)), as_float(0.999));
}

TEST(SweepSpace, AUnitOutsideIsMovedToTheNearerEnd) {
  const Dimension log = dimension_of("lr = { min = 1e-4, max = 1e-2, scale = \"log\" }");
  EXPECT_EQ(real(value_at(log, -1)), as_float(1e-4));
  EXPECT_EQ(real(value_at(log, 1)), as_float(1e-2));
  const Dimension list = dimension_of("num_envs = { values = [8, 16, 32] }");
  EXPECT_EQ(whole(value_at(list, -0.1)), 8);
  EXPECT_EQ(whole(value_at(list, 1)), 32);
}

TEST(SweepSpace, RealNumbersStayWithinTheirRangeAndGoBack) {
  std::mt19937_64 random(1);
  for (const char* line :
       {"clip_coef = { min = 0.1, max = 0.3 }", "lr = { min = 1e-9, max = 1, scale = \"log\" }",
        "ent_coef = { min = 1e-30, max = 1e30, scale = \"log\" }", "ent_coef = { min = 0, max = 1e30 }",
        "gamma = { min = 0.5, max = 0.9999, scale = \"log1m\" }", "log_std_init = { min = -20, max = 5 }"}) {
    const Dimension range = dimension_of(line);
    for (int i = 0; i < 20'000; ++i) {
      const double unit = static_cast<double>(random() >> 11) * 0x1p-53;
      const Value value = value_at(range, unit);
      EXPECT_GE(real(value), as_float(range.min)) << line;
      EXPECT_LE(real(value), as_float(range.max)) << line;
      EXPECT_NEAR(unit_of(range, value), unit, 1e-3) << line;
      EXPECT_EQ(real(value_at(range, unit_of(range, value))), real(value)) << line << " at " << unit;
      EXPECT_EQ(as_float(real(value)), real(value));
    }
  }
}

TEST(SweepSpace, ListsAndPowersOfTwoHaveEqualShares) {
  for (const char* line :
       {"num_envs = { values = [64, 8, 16, 32] }", "num_steps = { min = 32, max = 256, scale = \"pow2\" }"}) {
    const Dimension list = dimension_of(line);
    const std::vector<Value> all = choices(list);
    ASSERT_EQ(all.size(), 4U);
    for (int i = 0; i < 4'000; ++i) {
      EXPECT_EQ(whole(value_at(list, (i + 0.5) / 4'000)), whole(all[static_cast<std::size_t>(i / 1'000)]));
    }
    for (std::size_t i = 0; i < 4; ++i) {
      EXPECT_EQ(unit_of(list, all[i]), (static_cast<double>(i) + 0.5) / 4);
    }
  }
}

TEST(SweepSpace, EachWholeNumberHasItsShareOfTheScale) {
  const Dimension linear = dimension_of("update_epochs = { min = 2, max = 6 }");
  std::map<std::int64_t, int> counts;
  for (int i = 0; i < 5'000; ++i) ++counts[whole(value_at(linear, (i + 0.5) / 5'000))];
  EXPECT_EQ(counts, (std::map<std::int64_t, int>{{2, 1000}, {3, 1000}, {4, 1000}, {5, 1000}, {6, 1000}}));
  EXPECT_DOUBLE_EQ(unit_of(linear, std::int64_t{4}), 0.5);
  const Dimension log = dimension_of("update_epochs = { min = 1, max = 31, scale = \"log\" }");
  EXPECT_EQ(whole(value_at(log, 0)), 1);
  EXPECT_EQ(whole(value_at(log, 0.26)), 1);  // log(1.5 / 0.5) of log(31.5 / 0.5): 0.265
  EXPECT_EQ(whole(value_at(log, 0.27)), 2);
  EXPECT_EQ(whole(value_at(log, kLast)), 31);
  for (const Dimension* range : {&linear, &log}) {
    for (auto number = static_cast<std::int64_t>(range->min); number <= range->max; ++number) {
      EXPECT_EQ(whole(value_at(*range, unit_of(*range, number))), number);
    }
  }
}

TEST(SweepSpace, AValueOutsideHasTheUnitOfItsNearest) {
  const Dimension list = dimension_of("num_envs = { values = [8, 32, 16] }");
  EXPECT_EQ(unit_of(list, std::int64_t{20}), 2.5 / 3);
  EXPECT_EQ(unit_of(list, std::int64_t{24}), 1.5 / 3);  // the first on a tie
  EXPECT_EQ(unit_of(list, std::int64_t{1}), 0.5 / 3);
  const Dimension log = dimension_of("lr = { min = 1e-4, max = 1e-2, scale = \"log\" }");
  EXPECT_EQ(unit_of(log, 1e-6), 0);
  EXPECT_EQ(unit_of(log, 1.0), kLast);
  const Dimension names = dimension_of("activation = { values = [\"relu\", \"tanh\"] }");
  EXPECT_EQ(unit_of(names, std::string("tanh")), 0.75);
  EXPECT_EQ(unit_of(names, std::string("gelu")), 0.25);
  const Dimension switches = dimension_of("norm_obs = { values = [true, false] }");
  EXPECT_EQ(unit_of(switches, false), 0.75);
  EXPECT_EQ(std::get<bool>(value_at(switches, 0.2)), true);
}

TEST(SweepSpace, AListOfRealNumbersHoldsWhatAConfigWould) {
  const Dimension list = dimension_of("target_kl = { values = [0, 0.05, 1e-1] }");
  EXPECT_EQ(real(value_at(list, 0)), 0.0);
  EXPECT_EQ(real(value_at(list, 0.5)), as_float(0.05));
  EXPECT_EQ(unit_of(list, as_float(0.05)), 0.5);
  EXPECT_EQ(unit_of(list, 0.05), 0.5);
}

TEST(SweepSpace, AConfigsValueFitsItsOption) {
  const Config config;
  for (const Option& option : options()) {
    Config copy;
    EXPECT_TRUE(store(option, value_in(config, option), copy)) << option.key;
    EXPECT_EQ(value_text(copy, option), value_text(config, option));
  }
}

/// What every machine must try.
TEST(SweepSpace, HasTheSameValuesEverywhere) {
  const Dimension log = dimension_of("lr = { min = 1e-4, max = 1e-2, scale = \"log\" }");
  const Dimension log1m = dimension_of("gamma = { min = 0.9, max = 0.999, scale = \"log1m\" }");
  EXPECT_EQ(show(value_at(log, 0.123456789)), "0.000176568646566011");
  EXPECT_EQ(show(value_at(log1m, 0.123456789)), "0.9433647990226746");
}

}  // namespace
}  // namespace ppo::test
