// eval, render and export of a run's best agent.
#include "cli/agents/agent_runs.hpp"
#include "formats/safetensors.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

class CliBestAgent : public CliAgents {
 protected:
  /// A run, "run", whose agents were best at the end of a shorter one, "short".
  void train_both(const Arguments& more = {}) const {
    train("run", kShort + more);
    train("short", kShorter + more);
    fs::copy(at("short/policy.safetensors"), at("run/best.safetensors"));
    Json ending = read_json(at("run/run.json"));
    const Json best = read_json(at("short/run.json")).at("agents");
    for (std::size_t k = 0; k < best.size(); ++k) {
      Json& agent = ending.at("agents").at(k);
      agent["best_update"] = 2;
      agent["best_steps"] = 512;
      agent["best_return_mean"] = 21.5;
      agent["best_return_std"] = 3.25;
      agent["best_policy_hash"] = best.at(k).at("param_hash");
    }
    folder_.write("run/run.json", ending.dump(2));
  }

  void expect_best_refused(const std::string& said, const std::string& place = "run") const {
    for (const std::string verb : {"eval", "render", "export"}) expect_error({verb, place, "--best"}, {said});
  }
};

TEST_F(CliBestAgent, IsTheOneOfItsFile) {
  train_both();
  Json best = Json::parse(output({"eval", "run", "--best", "--json"}));
  Json expected = Json::parse(output({"eval", "short", "--json"}));
  EXPECT_EQ(best.at("best"), true);
  EXPECT_EQ(expected.at("best"), false);
  best.erase("best");
  expected.erase("best");
  Json& steps = best.at("agents").at(0).at("steps");
  EXPECT_EQ(steps, 512);
  steps = nullptr;
  EXPECT_EQ(best, expected);
  EXPECT_TRUE(
      output({"eval", "run", "--best"}).starts_with("seed 42, at its best, after 512 steps: return "));
  EXPECT_EQ(made("run/film-best.gif", {"render", "run", "--best"}),
            made("a.gif", {"render", "short", "a.gif"}));
  EXPECT_FALSE(fs::exists(at("run/film.gif")));
}

TEST_F(CliBestAgent, IsWhatExportsSayTheyAre) {
  train_both({"--num-seeds", "2"});
  const std::string header =
      made("run/agent1-best.h", {"export", "run", "--best", "--agent", "1", "--format", "c"});
  EXPECT_TRUE(contains(header, "seed 43, at its best, after 512 steps; parameters")) << header.substr(0, 300);
  const std::string onnx = made("run/agent0-best.onnx", {"export", "run", "--best"});
  EXPECT_TRUE(contains(onnx, "best\x12\x04true"));
  const auto metadata =
      parse_image(made("b.safetensors", {"export", "run", "b.safetensors", "--best"}), "b", "policy")
          .metadata;
  EXPECT_EQ(metadata.at("best"), "true");
  EXPECT_EQ(metadata.at("steps"), "512");
}

TEST_F(CliBestAgent, OfAKilledRunIsTheBestSoFar) {
  train_both();
  for (const char* file : {"run/run.json", "run/policy.safetensors"}) fs::remove(at(file));
  const std::string note = "ppo_train: note: run has not ended; its best agent is the best so far\n";
  EXPECT_TRUE(output({"eval", "run", "--best"}, note).starts_with("seed 42, at its best: return "));
  output({"export", "run", "a.safetensors", "--best"}, note);
  const auto metadata = parse_image(read_file(at("a.safetensors")), "a", "policy").metadata;
  EXPECT_EQ(metadata.at("best"), "true");
  EXPECT_FALSE(metadata.contains("steps"));
}

TEST_F(CliBestAgent, OfADivergedRunIsGoodStill) {
  train_both();
  Json ending = read_json(at("run/run.json"));
  ending["stopped_by"] = "diverged";
  folder_.write("run/run.json", ending.dump(2));
  output({"eval", "run", "--best"});
}

TEST_F(CliBestAgent, IsRefusedWhereThereIsNone) {
  train("run", kShort);
  const std::string error =
      "run has no best agent: only a run with eval_every above 0 has one, from its first evaluation on; "
      "leave out --best for the final agent\n";
  expect_best_refused(error);
  fs::copy(at("run/policy.safetensors"), at("run/best.safetensors"));
  expect_best_refused(error);  // for run.json knows of none
  for (const char* file : {"run/run.json", "run/best.safetensors"}) fs::remove(at(file));
  expect_best_refused(error);
}

TEST_F(CliBestAgent, OfARunWithEvaluationsIsRefusedWhereTheyMadeNone) {
  train("run", kShort + Arguments{"--num-seeds", "2", "--eval-every", "2", "--eval-episodes", "3"});
  Json ending = read_json(at("run/run.json"));
  ending.at("agents").at(1)["best_policy_hash"] = nullptr;
  folder_.write("run/run.json", ending.dump(2));
  expect_best_refused(
      "run has no best agent: none of the evaluations of agent 1 has a finite return; leave out --best for "
      "the final agent\n");
  const std::string not_yet =
      "run has no best agent yet: each agent needs an evaluation with a finite return, and the first comes "
      "after update 2; leave out --best for the final agent\n";
  ending["updates"] = 1;
  folder_.write("run/run.json", ending.dump(2));
  expect_best_refused(not_yet);
  for (const char* file : {"run/run.json", "run/best.safetensors"}) fs::remove(at(file));
  expect_best_refused(not_yet);
}

TEST_F(CliBestAgent, IsRefusedWhereItIsLostOrDamaged) {
  train_both();
  fs::remove(at("run/best.safetensors"));
  expect_best_refused("run/best.safetensors: not a readable policy: ");
  fs::copy(at("run/policy.safetensors"), at("run/best.safetensors"));
  expect_best_refused("run/best.safetensors: damaged: the parameters of agent 0 have the hash ");
  fs::resize_file(at("run/best.safetensors"), 20'000);
  expect_best_refused("run/best.safetensors: not a readable policy: it ends before");
}

TEST_F(CliBestAgent, IsNotThatOfACheckpoint) {
  train_both();
  const std::string checkpoint = "run/checkpoints/0000000006.safetensors";
  expect_best_refused(
      "--best takes the best agent of a run, and '" + checkpoint + "' is none; write run, or leave out",
      checkpoint);
  fs::copy(at(checkpoint), at("copy"));
  expect_best_refused("'copy' is none; write the folder of its run, or leave out --best", "copy");
  const Result result = call({"eval", "run/best.safetensors"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_TRUE(contains(result.err, "write the folder of its run, with --best for best.safetensors"))
      << result.err;
}

TEST_F(CliBestAgent, StartsARunByTheNameOfItsFile) {
  train_both();
  train("of_best", kShorter + Arguments{"--init-from", "run/best.safetensors"});
  train("of_short", kShorter + Arguments{"--init-from", "short"});
  EXPECT_EQ(hash_of(at("of_best")), hash_of(at("of_short")));
}

}  // namespace
}  // namespace ppo::test
