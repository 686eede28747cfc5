// What is said of an update with numbers that are not finite: which one, and why most likely.
#include "training/divergence.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "terminal/messages.hpp"

namespace ppo::test {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/// Of an update that is fine.
UpdateRow fine_row() {
  UpdateRow row;
  row.update = 3;
  row.episodes = 2;
  row.return_sum = 40;
  row.return_min = 15;
  row.return_max = 25;
  row.loss_policy = -0.01F;
  row.loss_value = 30;
  row.entropy = 0.69F;
  row.grad_norm = 0.4F;
  return row;
}

std::string said_of(const UpdateRow& row, const Hyper& hyper = {}) {
  Record record;
  record.agent = 5;
  record.row = row;
  Config config;
  config.hyper = hyper;
  return find_divergence({&record, 1}, config).value_or(Divergence{"nothing"}).what;
}

/// Of agent 2 of three.
std::string said_of_fault(const Fault& fault) {
  std::vector<UpdateRow> rows(3, fine_row());
  rows[2].fault = fault;
  const std::optional<Divergence> found = find_fault(rows, {});
  if (!found) return "nothing";
  EXPECT_TRUE(found->is_fault);
  return found->what;
}

TEST(DivergenceAdvice, NothingIsWrongWithFiniteNumbers) {
  EXPECT_EQ(said_of(fine_row()), "nothing");
  EXPECT_EQ(said_of_fault({}), "nothing");
  UpdateRow row = fine_row();
  row.grad_norm = std::numeric_limits<float>::max();
  EXPECT_EQ(said_of(row), "nothing");
}

TEST(DivergenceAdvice, NamesTheNumberTheAgentAndTheUpdate) {
  const std::pair<float UpdateRow::*, const char*> numbers[] = {{&UpdateRow::loss_policy, "policy loss"},
                                                                {&UpdateRow::loss_value, "value loss"},
                                                                {&UpdateRow::entropy, "entropy"},
                                                                {&UpdateRow::grad_norm, "gradient norm"}};
  for (const auto& [number, name] : numbers) {
    for (const float wrong : {kInf, -kInf, kNan}) {
      UpdateRow row = fine_row();
      row.*number = wrong;
      EXPECT_TRUE(said_of(row).starts_with("the " + std::string(name) +
                                           " of agent 5 is not finite in update 3; most likely "))
          << said_of(row);
    }
  }
}

TEST(DivergenceAdvice, BlamesTheStepsWhereNothingElseIsLarge) {
  UpdateRow row = fine_row();
  row.grad_norm = kNan;
  for (const std::int64_t update : {0, 3}) {
    row.update = update;
    EXPECT_TRUE(said_of(row).ends_with("its steps are too large, train with a smaller lr or max_grad_norm"));
  }
}

TEST(DivergenceAdvice, BlamesTheCoefficientWhoseTermIsTooLarge) {
  for (const bool are_known : {true, false}) {  // the losses that the coefficients scale
    UpdateRow row = fine_row();
    row.update = 0;
    row.grad_norm = kInf;
    if (!are_known) row.loss_value = row.entropy = kNan;
    Hyper hyper;
    hyper.ent_coef = 1e30F;
    EXPECT_TRUE(said_of(row, hyper)
                    .ends_with("most likely ent_coef = 1e+30 makes its term of the loss too large: "
                               "train with a smaller ent_coef"))
        << said_of(row, hyper);
    hyper.ent_coef = 0.01F;
    hyper.vf_coef = 1e20F;
    EXPECT_TRUE(said_of(row, hyper).ends_with("train with a smaller vf_coef")) << said_of(row, hyper);
    hyper.ent_coef = 1e25F;  // both: the larger one
    EXPECT_TRUE(said_of(row, hyper).ends_with("train with a smaller ent_coef")) << said_of(row, hyper);
  }
}

TEST(DivergenceAdvice, BlamesTheRewardsWhereReturnsAreTooLarge) {
  UpdateRow row = fine_row();
  row.return_sum = -2e20;
  row.return_min = -1.5e20F;
  row.loss_value = kInf;
  EXPECT_TRUE(said_of(row).ends_with("its rewards are too large, scale them down")) << said_of(row);
  row.episodes = 0;  // none ended, but the value loss says it
  row.return_min = 0;
  for (const float loss : {kInf, 1e25F}) {
    row.loss_value = loss;
    row.grad_norm = kInf;
    for (const float ent_coef : {0.01F, 1e7F}) {  // which is large, but whose term is not
      Hyper hyper;
      hyper.ent_coef = ent_coef;
      EXPECT_TRUE(said_of(row, hyper).ends_with("its rewards are too large, scale them down"))
          << said_of(row, hyper);
    }
  }
}

TEST(DivergenceAdvice, BlamesTheEnvironmentForARewardThatIsNotFinite) {
  // Behind CartPole's four observed numbers.
  EXPECT_EQ(said_of_fault({.any = 1, .environment = 7, .step = 17, .number = 4}),
            "reward of environment 7 of agent 2 is not finite at step 17 of the rollout in update 3; the "
            "environment's step returned it");
}

TEST(DivergenceAdvice, BlamesTheEnvironmentForANumberOfTheObservation) {
  EXPECT_EQ(
      said_of_fault({.any = 1, .environment = 0, .step = 0, .number = 3}),
      "observation[3] of environment 0 of agent 2 is not finite at step 0 of the rollout in update 3; the "
      "environment's observe wrote it");
}

TEST(DivergenceAdvice, BlamesRewardsThatAddUpToTooMuch) {
  UpdateRow row = fine_row();
  row.return_sum = std::numeric_limits<double>::infinity();
  EXPECT_EQ(
      said_of(row),
      "the return of agent 5 is not finite in update 3; the rewards of an episode add up to more than a "
      "number can hold");
}

TEST(DivergenceAdvice, NamesTheLastGoodCheckpoint) {
  EXPECT_EQ(divergence_message({"x"}, std::nullopt), "training diverged: x");
  EXPECT_EQ(divergence_message({"x"}, "run/7.safetensors"),
            "training diverged: x; run/7.safetensors is the last good checkpoint");
}

TEST(DivergenceAdvice, OfAFaultNamesWhatIsKeptAndTheWayOn) {
  const std::string kept = "training diverged: x; run/policy.safetensors holds what was learned before that";
  EXPECT_EQ(fault_message({"x", true}, "run", std::nullopt), kept);
  EXPECT_EQ(fault_message({"x", true}, "run", 7),
            kept + "; once the environment is fixed, " + resume_command("run") + " continues at update 7");
}

}  // namespace
}  // namespace ppo::test
