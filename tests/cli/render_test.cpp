// Films of a saved agent through the real binary: render.
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "pictures.hpp"
#include "render_runs.hpp"

namespace ppo::test {
namespace {

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
  expect_refused({"render"}, "render needs a run folder or a checkpoint; write ");
  expect_refused({"render", "nowhere"}, "there is no 'nowhere'");
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

}  // namespace
}  // namespace ppo::test
