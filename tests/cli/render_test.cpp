// Films through the real binary.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <set>

#include "pictures.hpp"
#include "runs.hpp"

namespace ppo::test {
namespace {

class CliRender : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(run(kShort + Arguments{"--out", "run"}, here_).exit_code, 0); }

  Result render(const Arguments& arguments) const { return run(Arguments{"render"} + arguments, here_); }

  std::string bytes(const std::string& name) const { return read_file(folder_.path() / name); }

  void expect_refused(const Arguments& arguments, const std::string& what, int exit_code = 2) const {
    const std::vector<std::string> before = folder_.list();
    const Result result = run(arguments, here_);
    EXPECT_EQ(result.exit_code, exit_code) << what;
    EXPECT_EQ(lines(result.err).size(), 1U) << result.err;
    EXPECT_TRUE(contains(result.err, what)) << result.err;
    EXPECT_EQ(folder_.list(), before);
  }

  TemporaryFolder folder_;
  /// A name that can be had, but whose temporary file's is too long.
  static std::string unwritable(const std::string& name) { return std::string(245, 'x') + name; }

  Launch here_{.folder = folder_.path()};
};

/// Whether the row just above the cart's lower edge, where the pole does not reach, shows its 50 pixels.
bool has_cart(const Picture& picture) {
  int black = 0;
  for (int x = 0; x < picture.width; ++x) black += picture.at(x, picture.height * 262 / 400) == kBlack;
  return black >= picture.width * 49 / 600 && black <= picture.width * 51 / 600 + 1;
}

TEST_F(CliRender, MakesAFilmOfOneEpisode) {
  const Result result = render({"run", "--greedy"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "run/film.gif")) << result.out;
  const Animation film = read_gif(bytes("run/film.gif"));
  EXPECT_TRUE(film.loops);
  EXPECT_TRUE(std::all_of(film.centiseconds.begin(), film.centiseconds.end(), [](int t) { return t == 2; }));
  const Result eval = run({"eval", "run", "--episodes", "1", "--greedy", "--json"}, here_);
  const int length = Json::parse(eval.out).at("agents").at(0).at("length_median");
  EXPECT_EQ(static_cast<int>(film.pictures.size()), length + 1);  // the first state, too
  for (const Picture& picture : film.pictures) {
    ASSERT_EQ(picture.width, 600);
    ASSERT_EQ(picture.height, 400);
    EXPECT_TRUE(has_cart(picture));
  }
}

TEST_F(CliRender, IsTheSameFilmEachTime) {
  ASSERT_EQ(render({"run", "a.gif", "--seed", "3"}).exit_code, 0);
  ASSERT_EQ(render({"run", "b.gif", "--seed", "3"}).exit_code, 0);
  ASSERT_EQ(render({"run", "c.gif", "--seed", "4"}).exit_code, 0);
  EXPECT_EQ(bytes("a.gif"), bytes("b.gif"));
  EXPECT_NE(bytes("a.gif"), bytes("c.gif"));
}

TEST_F(CliRender, PlaysAsManyEpisodesAndStepsAsAskedFor) {
  ASSERT_EQ(render({"run", "a.gif", "--episodes", "3", "--max-steps", "5", "--size", "90x60"}).exit_code, 0);
  const Animation film = read_gif(bytes("a.gif"));
  EXPECT_EQ(film.pictures.size(), 18U);
  EXPECT_EQ(film.pictures.front().width, 90);
  EXPECT_EQ(film.pictures.front().height, 60);
}

TEST_F(CliRender, MakesAStill) {
  ASSERT_EQ(render({"run", "still.png", "--size", "300x300"}).exit_code, 0);
  const Picture still = read_png(bytes("still.png"));
  EXPECT_EQ(still.width, 300);
  EXPECT_EQ(still.height, 300);
  EXPECT_TRUE(std::count(still.pixels.begin(), still.pixels.end(), Colour{204, 153, 102}) > 100);
}

TEST_F(CliRender, TheFilesModeIsAsTheUmaskSays) {
  const Result result =
      run({"-c", "umask 027; \"$0\" render run mode.gif; \"$0\" render run mode.png", PPO_TRAIN_BINARY},
          {.program = "/bin/sh", .folder = folder_.path()});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  for (const char* name : {"mode.gif", "mode.png"}) {
    struct stat status {};
    ASSERT_EQ(::stat((folder_.path() / name).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0640U) << name;
  }
}

TEST_F(CliRender, RefusesWhatItCannotDo) {
  expect_refused({"render"}, "needs a run folder");
  expect_refused({"render", "nowhere"}, "'nowhere' is not a run folder");
  expect_refused({"render", "run", "film.mp4"}, ".gif or .png");
  expect_refused({"render", "run", "a.gif", "b.gif"}, "'b.gif'");
  expect_refused({"render", "run", "none/a.gif"}, "there is no folder 'none'");
  expect_refused({"render", "run", "--agent", "1"}, "one agent");
  expect_refused({"render", "run", "--episodes", "0"}, "--episodes");
  expect_refused({"render", "run", "--episodes", "1000000"}, "smaller --episodes");
  for (const char* size : {"600", "600x", "x400", "15x400", "600x4097", "600x400x3", "-600x400", "ax4"}) {
    expect_refused({"render", "run", std::string("--size=") + size}, "600x400");
  }
  std::filesystem::remove(folder_.path() / "run" / "policy.safetensors");
  expect_refused({"render", "run"}, "policy.safetensors");
}

TEST_F(CliRender, LeavesNoHalfFile) {
  ASSERT_EQ(render({"run", "a.gif"}).exit_code, 0);
  const std::string before = bytes("a.gif");
  const Result result =
      run({"-c", "ulimit -f 8; trap '' XFSZ; exec \"$0\" render run a.gif --seed 9", PPO_TRAIN_BINARY},
          {.program = "/bin/bash", .folder = folder_.path()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(lines(result.err).size(), 1U) << result.err;
  EXPECT_TRUE(contains(result.err, "a.gif")) << result.err;
  EXPECT_EQ(bytes("a.gif"), before);
  EXPECT_EQ(names_in(folder_.path()), (Arguments{"a.gif", "run"}));
}

TEST_F(CliRender, ShowsTheAgentAskedFor) {
  ASSERT_EQ(run(kShort + Arguments{"--num-seeds", "2", "--out", "two"}, here_).exit_code, 0);
  ASSERT_EQ(run(kShort + Arguments{"--seed", "43", "--out", "one"}, here_).exit_code, 0);
  ASSERT_EQ(render({"two", "a.gif", "--agent", "1"}).exit_code, 0);
  ASSERT_EQ(render({"one", "b.gif"}).exit_code, 0);
  EXPECT_EQ(bytes("a.gif"), bytes("b.gif"));
}

TEST_F(CliRender, AnEnvironmentOfOnesOwnDrawsItself) {
  const Arguments my_env = {"--env", "my_env", "--max-episode-steps", "20", "--out", "mine"};
  ASSERT_EQ(run(kShort + my_env + Arguments{"--render"}, here_).exit_code, 0);
  const Animation film = read_gif(bytes("mine/film.gif"));
  EXPECT_EQ(film.pictures.size(), 21U);
  EXPECT_EQ(film.centiseconds.front(), 10);
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
  const Animation film = read_gif(bytes("all.gif"));
  const Picture& first = film.pictures.front();
  const int middle_x = first.width / 2;
  const int middle_y = first.height / 2;
  std::set<std::string> captions;
  for (const int top : {0, middle_y + 2}) {
    for (const int left : {0, middle_x + 2}) {
      EXPECT_EQ(first.at(left + 2, top + 28 + 5), kWhite);
      std::string caption;  // its pixels, one byte each
      for (int y = 0; y < 28; ++y) {
        for (int x = 0; x < 300; ++x) caption += static_cast<char>(first.at(left + x, top + y).red);
      }
      EXPECT_GT(std::count_if(caption.begin(), caption.end(),
                              [](char red) { return static_cast<unsigned char>(red) < 100; }),
                100);
      captions.insert(caption);
    }
  }
  EXPECT_EQ(captions.size(), 4U);
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
