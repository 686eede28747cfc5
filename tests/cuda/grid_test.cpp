// How the blocks of a device are shared out among agents.
#include <gtest/gtest.h>

#include "engine/cuda/device.hpp"

namespace ppo::cuda {
namespace {

struct Case {
  std::int64_t num_agents;
  int resident, most, asked;
  int num_teams, blocks_per_agent;
};

TEST(Grid, GivesEachAgentItsShareUpToWhatHelps) {
  for (const Case& c : {
           Case{1, 132, 128, 0, 1, 128},     // all that help
           Case{1, 100, 128, 0, 1, 100},     // all there are
           Case{4, 132, 128, 0, 4, 33},      // shared evenly
           Case{5, 132, 128, 0, 5, 26},      // two stay idle
           Case{132, 132, 128, 0, 132, 1},   // one each
           Case{1000, 132, 128, 0, 132, 1},  // several agents in turn
           Case{65536, 1, 1, 0, 1, 1},       // all in turn
           Case{1, 132, 128, 7, 1, 7},       // as asked
           Case{100, 132, 128, 5, 26, 5},    // as many teams as fit
           Case{1, 132, 2, 132, 1, 132},     // more than help, since asked
           Case{2, 132, 128, 132, 1, 132},   // the whole device for each in turn
           Case{1, 132, 0, 0, 1, 1},         // never none
       }) {
    SCOPED_TRACE(::testing::Message() << c.num_agents << " agents, " << c.resident << " resident, " << c.most
                                      << " most, " << c.asked << " asked");
    const Grid grid = choose_grid(c.num_agents, c.resident, c.most, c.asked);
    EXPECT_EQ(grid.num_teams, c.num_teams);
    EXPECT_EQ(grid.blocks_per_agent, c.blocks_per_agent);
  }
}

TEST(Grid, RefusesMoreBlocksThanCanWaitForEachOther) {
  try {
    choose_grid(1, 132, 128, 133);
    FAIL();
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.exit_code, kWrongInput);
    EXPECT_NE(std::string(failure.what()).find("--blocks-per-agent 132"), std::string::npos)
        << failure.what();
  }
}

}  // namespace
}  // namespace ppo::cuda
