// The folder of a run: its name, and what its files hold.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>

#include "formats/safetensors.hpp"
#include "ppo/hash.hpp"
#include "runs.hpp"

namespace ppo::test {
namespace {

/// The cells of metrics.csv by row, the first one its header.
std::vector<std::vector<std::string>> table(const std::filesystem::path& run) {
  std::vector<std::vector<std::string>> rows;
  // A comma more, so that an empty last cell counts.
  for (const std::string& line : lines(read_file(run / "metrics.csv")))
    rows.push_back(split(line + ',', ','));
  return rows;
}

class CliRunFolder : public testing::Test {
 protected:
  /// Trains into the folder "run" and returns its path.
  std::filesystem::path train(const Arguments& arguments) {
    const Result result = run(arguments + Arguments{"--out", "run"}, here_);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return folder_.path() / "run";
  }

  const TemporaryFolder folder_;
  const Launch here_{.folder = folder_.path()};
};

TEST_F(CliRunFolder, TheCsvFilesHaveTheseColumns) {
  const std::filesystem::path run = train(kShort);
  EXPECT_EQ(
      lines(read_file(run / "metrics.csv")).front(),
      "agent,seed,update,steps,episodes,return_mean,return_100,length_mean,loss_policy,loss_value,entropy,"
      "approx_kl,clip_fraction,explained_variance,grad_norm,lr,return_min,return_max");
  EXPECT_EQ(lines(read_file(run / "timing.csv")).front(), "update,wall_s,steps_per_s");
  for (const std::string& line : lines(read_file(run / "timing.csv"))) EXPECT_EQ(split(line, ',').size(), 3U);
}

TEST_F(CliRunFolder, MetricsHasOneRowAnAgentAndUpdate) {
  const auto rows = table(train(kShort + Arguments{"--num-seeds", "2", "--seed", "9"}));
  ASSERT_EQ(rows.size(), 1U + 12U);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    ASSERT_EQ(rows[i].size(), rows[0].size()) << i;
    const std::size_t agent = (i - 1) % 2;
    const std::size_t update = (i - 1) / 2;
    EXPECT_EQ(rows[i][0], std::to_string(agent));
    EXPECT_EQ(rows[i][1], std::to_string(9 + agent));
    EXPECT_EQ(rows[i][2], std::to_string(update));
    EXPECT_EQ(rows[i][3], std::to_string((update + 1) * 256));
    EXPECT_EQ(rows[i][15], "0.00025");
  }
}

TEST_F(CliRunFolder, ANumberThatThereIsNotIsAnEmptyCell) {
  // No pole falls within 4 steps, and hardly ever within 8.
  const auto rows = table(train({"--num-envs", "1", "--num-steps", "4", "--total-timesteps", "80"}));
  ASSERT_EQ(rows.size(), 1U + 20U);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    ASSERT_EQ(rows[i].size(), 18U) << i;
    EXPECT_EQ(rows[i][5].empty(), rows[i][4] == "0") << i;  // return_mean
    EXPECT_EQ(rows[i][7].empty(), rows[i][4] == "0") << i;  // length_mean
    EXPECT_EQ(rows[i][6], "") << i;                         // return_100: the run has fewer episodes
    // One environment ends one episode at most in 4 steps: its return is all there is.
    EXPECT_EQ(rows[i][16], rows[i][5]) << i;  // return_min
    EXPECT_EQ(rows[i][17], rows[i][5]) << i;  // return_max
  }
  EXPECT_EQ(rows[1][4], "0");
}

TEST_F(CliRunFolder, TheMeanReturnLiesBetweenTheLeastAndTheGreatest) {
  const auto rows = table(train(kShort + Arguments{"--max-episode-steps", "30"}));
  bool apart = false;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    ASSERT_FALSE(rows[i][16].empty()) << i;
    const double least = std::stod(rows[i][16]), greatest = std::stod(rows[i][17]);
    EXPECT_LE(least, std::stod(rows[i][5])) << i;
    EXPECT_GE(greatest, std::stod(rows[i][5])) << i;
    EXPECT_LE(greatest, 30) << i;  // a reward of 1 a step
    apart = apart || least < greatest;
  }
  EXPECT_TRUE(apart);
}

TEST_F(CliRunFolder, ReturnsThatAreAllEqualHaveNoVarianceToExplain) {
  const auto rows = table(train(kShort + Arguments{"--gamma", "0", "--gae-lambda", "0"}));
  ASSERT_EQ(rows.size(), 1U + 6U);
  for (std::size_t i = 1; i < rows.size(); ++i) EXPECT_EQ(rows[i][13], "") << i;
}

TEST_F(CliRunFolder, TheHashIsOfTheParametersAsTheFileHasThem) {
  for (const std::size_t agents : {1U, 3U}) {
    const std::string name = "run" + std::to_string(agents);
    const Arguments several = {"--num-seeds", std::to_string(agents), "--out", name};
    ASSERT_EQ(run(kShort + several, here_).exit_code, 0);
    const Json json = read_json(folder_.path() / name / "run.json").at("agents");
    const SafeTensorsImage policy =
        parse_image(read_file(folder_.path() / name / "policy.safetensors"), "file", "policy");
    ASSERT_EQ(json.size(), agents);
    for (std::size_t k = 0; k < agents; ++k) {
      std::uint64_t hash = kFnvOffset;
      for (const TensorPlace& tensor : policy.tensors) {
        const std::size_t size = tensor.size / agents;
        hash = fnv1a(policy.bytes.data() + tensor.begin + k * size, size, hash);
      }
      std::array<char, 32> text;
      std::snprintf(text.data(), text.size(), "0x%016llx", static_cast<unsigned long long>(hash));
      EXPECT_EQ(json.at(k).at("param_hash"), text.data());
    }
  }
}

TEST_F(CliRunFolder, OutMayEndWithASlash) {
  for (const char* out : {"x/", "./y//", "new/parents/z/"}) {
    const Result result = run(kShort + Arguments{"--out", out}, here_);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(names_in(folder_.path() / out), kRunFiles);
  }
  EXPECT_EQ(run(kShort + Arguments{"--out", "x/"}, here_).exit_code, 2);  // it is there now
}

TEST_F(CliRunFolder, OutBringsItsParents) {
  EXPECT_EQ(run(kShort + Arguments{"--out", "a/b/c"}, here_).exit_code, 0);
  EXPECT_EQ(names_in(folder_.path() / "a" / "b" / "c"), kRunFiles);
}

TEST_F(CliRunFolder, IsNamedInPlainCharactersWhateverTheConfigIsCalled) {
  const Arguments names = {".toml",         "a\nb.toml", "..b  c.toml", "...",    "\x1b[31m.toml",
                           "\xC3\xA9.toml", "\xFF.toml", "*?$(x).toml", "-.toml", "a.b.toml"};
  for (const std::string& name : names) {
    folder_.write(name, "seed = 5\n");
    const Result result = run(kShort + Arguments{"--config=" + name}, here_);
    EXPECT_EQ(result.exit_code, 0) << name << ": " << result.err;
  }
  const std::filesystem::path runs = folder_.path() / "runs";
  EXPECT_EQ(names_in(runs).size(), names.size());
  const std::string plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  for (const std::string& folder : names_in(runs)) {
    EXPECT_EQ(folder.find_first_not_of(plain), std::string::npos) << folder;
    EXPECT_NE(folder.front(), '.') << folder;
    EXPECT_TRUE(contains(folder, "-s5-")) << folder;
    EXPECT_EQ(names_in(runs / folder), kRunFiles) << folder;
  }
}

TEST_F(CliRunFolder, OfADivergedRunShowsWhereButHasNoPolicy) {
  const Result result = run(kShort + kDiverging + Arguments{"--out", "div"}, here_);
  EXPECT_EQ(result.exit_code, 4) << result.err;
  EXPECT_EQ(lines(result.err).size(), 1U) << result.err;
  const std::filesystem::path div = folder_.path() / "div";
  EXPECT_EQ(names_in(div),
            (Arguments{"checkpoints", "config.toml", "metrics.csv", "run.json", "timing.csv"}));
  const Json json = read_json(div / "run.json");
  EXPECT_EQ(json.at("stopped_by"), "diverged");
  EXPECT_TRUE(json.at("agents").at(0).at("param_hash").is_null());

  const auto rows = table(div);
  ASSERT_EQ(rows.size(), 1 + json.at("updates").get<std::size_t>());
  ASSERT_GE(rows.size(), 2U);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const bool finite = std::none_of(rows[i].begin(), rows[i].end(), [](const std::string& cell) {
      return contains(cell, "nan") || contains(cell, "inf");
    });
    EXPECT_EQ(finite, i + 1 < rows.size()) << i;  // the last row is the one that diverged
    EXPECT_EQ(rows[i].size(), 18U) << i;
  }

  const Result eval = run({"eval", "div"}, here_);
  EXPECT_EQ(eval.exit_code, 2);
  EXPECT_EQ(eval.out, "");
  EXPECT_EQ(lines(eval.err).size(), 1U) << eval.err;
}

}  // namespace
}  // namespace ppo::test
