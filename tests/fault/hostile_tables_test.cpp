// metrics.csv and timing.csv as no run writes them.
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <sstream>
#include <string>

#include "hostile.hpp"
#include "run/csv/metrics_reader.hpp"

namespace ppo::test {
namespace {

std::string metrics(const std::string& rows) {
  return "agent,update,steps,return_mean,return_100,loss_policy,loss_value,entropy,approx_kl,clip_fraction,"
         "explained_variance,grad_norm,lr,seed,episodes,length_mean\n" +
         rows;
}

std::string error_of_metrics(const std::string& bytes, std::int64_t num_agents = 1) {
  return error_of([&] {
    read_metrics({std::make_unique<std::istringstream>(bytes), "metrics.csv", RunEnded::yes},
                 {.num_agents = num_agents, .batch = 8, .num_updates = 1000},
                 [](std::span<const MetricsRow>) {});
  });
}

std::string error_of_timing(const std::string& rows) {
  return error_of([&] {
    read_timing({std::make_unique<std::istringstream>("update,wall_s,steps_per_s\n" + rows), "timing.csv",
                 RunEnded::yes},
                {.num_updates = 1000}, [](const TimingRow&) {});
  });
}

TEST(HostileTables, ThatAreFineAreRead) {
  EXPECT_EQ(error_of_metrics(metrics("0,0,8,,,,,,,,,,,0,0,\n0,1,16,,,,,,,,,,,0,0,\n")), "");
  EXPECT_EQ(error_of_metrics(metrics("0,0,8,,,,,,,,,,,0,0,\n1,0,8,,,,,,,,,,,1,0,\n"), 2), "");
  EXPECT_EQ(error_of_timing("0,1,2\n1,2,2\n"), "");
}

TEST(HostileTables, ThatDoNotBeginAtTheBeginningAreRefused) {
  EXPECT_EQ(error_of_metrics(metrics("0,3,8,,,,,,,,,,,0,0,\n")),
            "metrics.csv:2: damaged: update 3 where update 0 should be");
  EXPECT_EQ(error_of_metrics(metrics("0,0,0,,,,,,,,,,,0,0,\n")),
            "metrics.csv:2: damaged: 0 steps where 8 should be");
  EXPECT_EQ(error_of_timing("1,1,2\n"), "timing.csv:2: damaged: update 1 where update 0 should be");
}

TEST(HostileTables, WithTheLargestNumbersAreRefused) {  // of which the next would be the smallest
  const std::string largest = std::to_string(std::numeric_limits<std::int64_t>::max());
  EXPECT_NE(error_of_metrics(metrics("0," + largest + ",8,,,,,,,,,,,0,0,\n0,0,16,,,,,,,,,,,0,0,\n")), "");
  EXPECT_NE(error_of_metrics(metrics("0,0," + largest + ",,,,,,,,,,,0,0,\n0,1,1,,,,,,,,,,,0,0,\n")), "");
  EXPECT_NE(error_of_timing(largest + ",1,2\n0,1,2\n"), "");
}

TEST(HostileTables, OfOneEndlessLineAreRefused) {
  EXPECT_EQ(error_of_metrics(std::string(100'000, ',')),
            "metrics.csv:1: damaged: the line has more than 4095 characters");
  EXPECT_EQ(error_of_metrics(metrics(std::string(100'000, '0') + '\n')),
            "metrics.csv:2: damaged: the line has more than 4095 characters");
  EXPECT_EQ(error_of_timing(std::string(4095, '1') + '\n'),
            "timing.csv:2: damaged: 1 cells under 3 column names");
}

}  // namespace
}  // namespace ppo::test
