// Films that training makes: --render and --render-training, and what becomes of the run when one cannot be
// made.
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <set>

#include "pictures.hpp"
#include "render_runs.hpp"

namespace ppo::test {
namespace {

/// The captions of a film of up to four moments that differ, as their pixels, one byte each.
std::set<std::string> captions_of(const Animation& film) {
  const Picture& first = film.pictures.front();
  std::set<std::string> captions;
  for (const int top : {0, first.height / 2 + 2}) {
    for (const int left : {0, first.width / 2 + 2}) {
      EXPECT_EQ(first.at(left + 2, top + 28 + 5), kWhite);
      std::string caption;
      for (int y = 0; y < 28; ++y) {
        for (int x = 0; x < 300; ++x) caption += static_cast<char>(first.at(left + x, top + y).red);
      }
      const auto dark =
          std::ranges::count_if(caption, [](char red) { return static_cast<unsigned char>(red) < 100; });
      if (dark > 100) captions.insert(caption);  // or else nothing stands there
    }
  }
  return captions;
}

/// A name that can be had, but whose temporary file's is too long.
std::string unwritable(const std::string& name) {
  return std::string(245, 'x') + name;
}

TEST_F(CliRender, TrainingFilmsTheAgentItHasTrained) {
  const Result result = run(kShort + Arguments{"--render", "--out", "filmed"}, here_);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "filmed/film.gif"));
  ASSERT_EQ(render({"filmed", "again.gif"}).exit_code, 0);
  EXPECT_EQ(bytes("filmed/film.gif"), bytes("again.gif"));
  ASSERT_EQ(run(kShort + Arguments{"--no-out", "--render", "still.png"}, here_).exit_code, 0);
  EXPECT_EQ(read_png(bytes("still.png")).width, 600);
}

TEST_F(CliRender, RenderDoesNotSwallowAnotherArgument) {
  ASSERT_EQ(run(Arguments{"--render", "--out", "x"} + kShort, here_).exit_code, 0);
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "x" / "config.toml"));
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "x" / "film.gif"));
  expect_refused({"--render", "cartpole-v1"}, "--render ends in .gif or .png");
  expect_refused({"--render", "film.mp4"}, "--render ends in .gif or .png");
  expect_refused({"--render=film.mp4"}, ".gif or .png");
  expect_refused({"--render-training", "film.png"}, "--render-training ends in .gif");
  expect_refused({"--render", "a.gif", "b.gif"}, "'b.gif'");
  expect_refused({"--render", "a.gif", "--render", "b.gif"}, "more than once");
  expect_refused({"--render", "--no-out"}, "--render FILE.gif");
  expect_refused({"--render", "none/film.gif"}, "there is no folder 'none'");
  expect_refused({"--render", "--report", "--no-out"}, "--no-out");
  expect_refused({"--render", "a.gif", "--render-training", "a.gif"}, "two names");
}

TEST_F(CliRender, TheTrainingFilmShowsFourMomentsAndChangesNothing) {
  const Arguments longer = {"--num-envs", "8", "--num-steps", "32", "--total-timesteps", "5120"};
  ASSERT_EQ(run(longer + Arguments{"--render-training", "all.gif", "--out", "a"}, here_).exit_code, 0);
  ASSERT_EQ(run(longer + Arguments{"--out", "b"}, here_).exit_code, 0);
  EXPECT_EQ(bytes("a/metrics.csv"), bytes("b/metrics.csv"));
  EXPECT_EQ(bytes("a/policy.safetensors"), bytes("b/policy.safetensors"));
  EXPECT_EQ(captions_of(read_gif(bytes("all.gif"))).size(), 4U);
}

TEST_F(CliRender, TheTrainingFilmEndsWhereTheFirstAgentStopped) {
  // Agent 0 stops after 2 of 6 updates, agent 1 trains on.
  const Arguments stopping = kShort + Arguments{"--eval-every",     "2",   "--eval-episodes",  "3",
                                                "--stop-at-return", "100", "--render-training"};
  ASSERT_EQ(run(stopping + Arguments{"--out", "one"}, here_).exit_code, 0);
  ASSERT_EQ(run(stopping + Arguments{"--out", "two", "--num-seeds", "2"}, here_).exit_code, 0);
  const Json agents = read_json(folder_.path() / "two" / "run.json").at("agents");
  EXPECT_EQ(agents.at(0).at("stopped_at_update"), 2);
  EXPECT_EQ(agents.at(1).at("stopped_at_update"), nullptr);
  EXPECT_EQ(captions_of(read_gif(bytes("one/training.gif"))).size(), 3U);  // at 0, 17 and 33 %
  EXPECT_EQ(bytes("two/training.gif"), bytes("one/training.gif"));
}

TEST_F(CliRender, ATrainingTooShortForFourMomentsShowsThoseThereAre) {
  ASSERT_EQ(run({"--num-envs", "8", "--num-steps", "32", "--total-timesteps", "256", "--no-out",
                 "--render-training", "a.gif"},
                here_)
                .exit_code,
            0);
  EXPECT_EQ(read_gif(bytes("a.gif")).pictures.front().width, 644);
}

TEST_F(CliRender, AFilmNobodyAskedToBeLongerHas500Steps) {
  const Arguments endless = {"--env", "my_env", "--max-episode-steps", "100000000", "--out", "long"};
  ASSERT_EQ(run(kShort + endless + Arguments{"--render", "--render-training"}, here_).exit_code, 0);
  EXPECT_LE(read_gif(bytes("long/film.gif")).pictures.size(), 501U);
  EXPECT_LE(read_gif(bytes("long/training.gif")).pictures.size(), 501U);
}

TEST_F(CliRender, MayWriteIntoTheRunFolderThatIsToBe) {
  ASSERT_EQ(run(kShort + Arguments{"--out", "new", "--render", "new/a.gif"}, here_).exit_code, 0);
  EXPECT_FALSE(read_gif(bytes("new/a.gif")).pictures.empty());
}

TEST_F(CliRender, AllThatFailsIsNamed) {
  const Result result = run(kShort + Arguments{"--out", "kept", "--render", unwritable("a.gif"),
                                               "--render-training", unwritable("b.gif"), "--report"},
                            here_);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(lines(result.err).size(), 1U) << result.err;
  EXPECT_TRUE(contains(result.err, "a.gif") && contains(result.err, "b.gif")) << result.err;
  EXPECT_TRUE(contains(result.err, "saved")) << result.err;
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "kept" / "report.html"));
}

TEST_F(CliRender, AfterAStopSignalTheFilmsAreThoseOfTheAgentAsItIs) {
  Process process({"--num-envs", "8", "--num-steps", "32", "--total-timesteps", "1000000000", "--out", "cut",
                   "--render", "--render-training", "--report", "--log-every", "1"},
                  here_);
  ASSERT_TRUE(process.wait_for_output("Update 3:"));
  process.signal(SIGINT);
  const Result result = process.wait();
  EXPECT_EQ(result.exit_code, 130) << result.err;
  for (const char* name : {"film.gif", "training.gif", "report.html", "policy.safetensors"}) {
    EXPECT_TRUE(std::filesystem::exists(folder_.path() / "cut" / name)) << name;
  }
}

TEST_F(CliRender, OfADivergedRunThereIsAReportButNoFilm) {
  const Result result = run(kShort + kDiverging + Arguments{"--out", "bad", "--render", "--report"}, here_);
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_EQ(lines(result.err).size(), 1U) << result.err;
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "bad" / "report.html"));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "bad" / "film.gif"));
}

TEST_F(CliRender, AFilmThatFailsCostsNothingOfTheRun) {
  const Result result =
      run(kShort + Arguments{"--out", "kept", "--render", unwritable("a.gif"), "--render-training"}, here_);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(lines(result.err).size(), 1U) << result.err;
  EXPECT_TRUE(contains(result.err, "a.gif")) << result.err;
  EXPECT_TRUE(contains(result.out, "hash"));
  for (const std::string& name : kRunFiles)
    EXPECT_TRUE(std::filesystem::exists(folder_.path() / "kept" / name));
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "kept" / "training.gif"));  // the rest is made
}

}  // namespace
}  // namespace ppo::test
