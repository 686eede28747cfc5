// What is said of a saved agent.
#include "run/saved/agent_origin.hpp"

#include <gtest/gtest.h>

namespace ppo::test {
namespace {

TEST(AgentOrigin, SaysWhatIsKnown) {
  EXPECT_EQ((AgentOrigin{}.text()), "");
  EXPECT_TRUE(AgentOrigin{}.metadata().empty());
  EXPECT_EQ((AgentOrigin{.is_best = false, .steps = 1536}.text()), "after 1,536 steps");
  EXPECT_EQ((AgentOrigin{.is_best = false, .steps = 0}.text()), "after 0 steps");
  EXPECT_EQ((AgentOrigin{.is_best = true, .steps = std::nullopt}.text()), "at its best");
  const AgentOrigin best{.is_best = true, .steps = 1536};
  EXPECT_EQ(best.text(), "at its best, after 1,536 steps");
  EXPECT_EQ(best.metadata(), (std::map<std::string, std::string>{{"best", "true"}, {"steps", "1536"}}));
}

}  // namespace
}  // namespace ppo::test
