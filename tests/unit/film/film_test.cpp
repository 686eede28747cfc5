// Films: how pixels become palette colours, and scenes become frames.
#include <gtest/gtest.h>

#include "engine/environment.hpp"
#include "film/canvas.hpp"
#include "film/film.hpp"
#include "film/footage.hpp"
#include "film/gif.hpp"
#include "film/palette.hpp"
#include "film/panels.hpp"
#include "film/png.hpp"
#include "pictures.hpp"

namespace ppo {
namespace {

constexpr Colour kRed{255, 0, 0};
constexpr Colour kBlue{0, 0, 255};
constexpr View kSquare{.left = 0, .right = 10, .bottom = 0, .top = 10};

TEST(Palette, HasItsColoursAndTheirBlends) {
  const Colour colours[] = {kWhite, kBlack, kWhite, kRed};
  Palette palette(colours);
  EXPECT_LE(palette.colours().size(), Palette::kMost);
  for (const Colour& colour : colours) EXPECT_EQ(palette.colours()[palette.nearest(colour)], colour);
  for (int grey = 0; grey < 256; ++grey) {
    const auto level = static_cast<std::uint8_t>(grey);
    EXPECT_NEAR(palette.colours()[palette.nearest({level, level, level})].green, grey, 8);
  }
}

TEST(Palette, TakesManyColours) {
  std::vector<Colour> colours;
  for (int i = 0; i < 300; ++i) {
    colours.push_back({static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i / 2), 7});
  }
  for (std::size_t count = 1; count < colours.size(); ++count) {
    EXPECT_LE(Palette(std::span(colours).first(count)).colours().size(), Palette::kMost) << count;
  }
}

TEST(Gif, GivesBackTheFramesThatWentIn) {
  Canvas canvas({37, 23});
  const Colour colours[] = {kWhite, kRed, kBlue};
  Gif gif({37, 23}, Palette(colours));
  std::vector<Canvas> frames;
  for (int i = 0; i < 5; ++i) {
    const Rect changed{3 * i, 2 * i, 3 * i + 10, 2 * i + 4};
    canvas.fill(changed, i % 2 == 0 ? kRed : kBlue);
    frames.push_back(canvas);
    gif.add(canvas, changed, 2 + i);
  }
  gif.add(canvas, {}, 9);  // nothing new
  frames.push_back(canvas);
  const test::Animation animation = test::read_gif(gif.finish());
  EXPECT_TRUE(animation.loops);
  EXPECT_EQ(animation.centiseconds, (std::vector{2, 3, 4, 5, 6, 9}));
  ASSERT_EQ(animation.pictures.size(), frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    for (int y = 0; y < 23; ++y) {
      for (int x = 0; x < 37; ++x) EXPECT_EQ(animation.pictures[i].at(x, y), frames[i].pixel(x, y));
    }
  }
}

TEST(Png, GivesBackThePixels) {
  Canvas canvas({31, 17});
  canvas.fill({2, 3, 20, 9}, {1, 2, 3});
  const test::Picture picture = test::read_png(png(canvas));
  ASSERT_EQ(picture.width, 31);
  ASSERT_EQ(picture.height, 17);
  for (int y = 0; y < 17; ++y) {
    for (int x = 0; x < 31; ++x) EXPECT_EQ(picture.at(x, y), canvas.pixel(x, y));
  }
}

/// A disc that goes one unit to the right with each scene.
Footage moving_disc(int scenes) {
  Footage footage;
  for (int i = 0; i < scenes; ++i) {
    Scene scene;
    scene.disc(kBlue, {1.0F + static_cast<float>(i), 5}, 0.8F);
    footage.see(scene);
  }
  return footage;
}

EnvironmentInfo info_with_step(float seconds) {
  EnvironmentInfo info{};
  info.draws_itself = true;
  info.view = kSquare;
  info.step_seconds = seconds;
  return info;
}

std::vector<int> delays(float step_seconds, int scenes) {
  const Footage footage = moving_disc(scenes);
  const EnvironmentInfo info = info_with_step(step_seconds);
  Canvas canvas({40, 40});
  Panels panels(info, {{&footage, canvas.whole()}});
  return test::read_gif(animate(info, std::move(panels), std::move(canvas), {})).centiseconds;
}

TEST(Panels, MoveAtTheSpeedOfTheWorld) {
  EXPECT_EQ(delays(0.02F, 4), (std::vector{2, 2, 2, 2}));
  EXPECT_EQ(delays(0.1F, 3), (std::vector{10, 10, 10}));
  EXPECT_EQ(delays(0.025F, 4), (std::vector{3, 2, 3, 2}));  // 10 hundredths in all
  EXPECT_EQ(delays(0.005F, 8), (std::vector{2, 2}));        // every fourth scene
}

TEST(Panels, RedrawNoMoreThanWhatMoves) {
  const Footage footage = moving_disc(8);
  const EnvironmentInfo info = info_with_step(0.02F);
  Canvas canvas({100, 100});
  Panels panels(info, {{&footage, canvas.whole()}});
  EXPECT_EQ(panels.draw(0, canvas), canvas.whole());
  for (std::size_t i = 1; i < 8; ++i) {
    const Rect changed = panels.draw(i, canvas);
    EXPECT_LT(changed.width(), 32) << i;
    Canvas whole({100, 100});
    Panels(info, {{&footage, whole.whole()}}).draw(i, whole);
    for (int y = 0; y < 100; ++y) {
      for (int x = 0; x < 100; ++x) ASSERT_EQ(canvas.pixel(x, y), whole.pixel(x, y)) << i;
    }
  }
}

TEST(Panels, OneThatIsOverStaysOnGrey) {
  const Footage brief = moving_disc(2);
  const Footage all = moving_disc(6);
  const EnvironmentInfo info = info_with_step(0.02F);
  Canvas canvas({200, 100});
  Panels panels(info, {{&brief, {0, 0, 100, 100}}, {&all, {100, 0, 200, 100}}});
  EXPECT_EQ(panels.length(), 6U);
  panels.draw(1, canvas);
  EXPECT_EQ(canvas.pixel(90, 90), kWhite);
  panels.draw(2, canvas);
  panels.draw(5, canvas);
  EXPECT_NE(canvas.pixel(90, 90), kWhite);
  EXPECT_EQ(canvas.pixel(20, 50), kBlue);  // where it was last
  EXPECT_EQ(canvas.pixel(190, 90), kWhite);
  EXPECT_EQ(canvas.pixel(160, 50), kBlue);
}

TEST(Film, AndItsStillAreThoseOfSeparatePlays) {
  const Environment& cartpole = *find_environment("cartpole");
  TrainedPolicy policy{};
  policy.params.resize(static_cast<std::size_t>(cartpole.info().layout(policy.hyper.hidden_size).size()));
  const FilmOptions options{.play = {.episodes = 1, .max_steps = 20}, .size = {60, 40}};
  const FilmAndStill both = film_and_still(cartpole, policy, options);
  EXPECT_EQ(both.gif, film("a.gif", cartpole, policy, options));
  EXPECT_EQ(both.png, film("a.png", cartpole, policy, options));
  EXPECT_EQ(both.gif.substr(0, 6), "GIF89a");
  EXPECT_EQ(both.png.substr(1, 3), "PNG");
}

}  // namespace
}  // namespace ppo
