// Which ranks cannot train an agent together, and what is said then.
#include "engine/parts/team_cards.hpp"

#include <gtest/gtest.h>

#include "system/errors.hpp"

namespace ppo {
namespace {

RankCard with_card(int rank, const std::string& host, const std::string& uuid) {
  return {"rank " + std::to_string(rank) + " on " + host, "cuda:0", "NVIDIA H200", uuid};
}

RankCard without(int rank) {
  return {"rank " + std::to_string(rank) + " on a", "cpu", "", ""};
}

/// What is said of these; nothing where they can train.
std::string refusal(const std::vector<RankCard>& ranks, int team) {
  try {
    check_team_cards(ranks, team);
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.exit_code, kWrongInput);
    return failure.what();
  }
  return "";
}

TEST(TeamCards, OneARankAreTaken) {
  EXPECT_EQ(refusal({with_card(0, "a", "x"), with_card(1, "a", "y"), with_card(2, "b", "z")}, 3), "");
  EXPECT_EQ(refusal({without(0), without(1), without(2), without(3)}, 2), "");
}

TEST(TeamCards, ThatRanksShareAreRefused) {
  const std::string why =
      "rank 1 on a and rank 3 on a have the same card, cuda:0 (NVIDIA H200), and their "
      "kernels wait for each other; start one rank a card, or write --device cpu";
  const std::vector<RankCard> ranks = {with_card(0, "a", "w"), with_card(1, "a", "x"), with_card(2, "a", "y"),
                                       with_card(3, "a", "x")};
  EXPECT_EQ(refusal(ranks, 4), "--ranks-per-agent 4: " + why);
  EXPECT_EQ(refusal(ranks, 2),
            "--ranks-per-agent 2: " + why);  // of two teams, which wait for the others' other
}

TEST(TeamCards, BesideCpusAreRefused) {
  EXPECT_EQ(refusal({with_card(0, "b", "x"), without(1)}, 2),
            "--ranks-per-agent 2: rank 0 on b trains on cuda:0 and rank 1 on a on cpu; write --device cpu or "
            "cuda, which holds for all ranks");
  EXPECT_EQ(refusal({without(0), without(1), with_card(2, "b", "x"), with_card(3, "b", "y")}, 2), "");
}

}  // namespace
}  // namespace ppo
