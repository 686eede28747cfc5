// Pictures of the classic control environments: what must be seen at places that the state determines.
#include <gtest/gtest.h>

#include <cmath>

#include "film/canvas.hpp"
#include "ppo/env/acrobot.hpp"
#include "ppo/env/mountain_car.hpp"
#include "ppo/env/mountain_car_continuous.hpp"
#include "ppo/env/pendulum.hpp"

namespace ppo {
namespace {

constexpr Colour kCyan{0, 204, 204};
constexpr Colour kOlive{204, 204, 0};
constexpr Colour kGrey{128, 128, 128};
constexpr Colour kRed{204, 77, 77};

/// A picture of one state, and the colours at places of its world.
template <class Env>
class Picture {
 public:
  explicit Picture(const typename Env::State& state, const ImageSize& size = {})
      : canvas_(size), projection_(Env::kView, canvas_.whole()) {
    Scene scene;
    Env::draw(state, scene);
    EXPECT_LT(scene.end() - scene.begin(), Scene::kMostShapes);  // else some may be missing
    canvas_.fill(canvas_.whole(), Env::kView.background);
    for (const Shape& shape : scene) canvas_.draw(shape, projection_, canvas_.whole());
  }

  Colour at(float x, float y) const {
    const Point place = projection_({x, y});
    return canvas_.pixel(static_cast<int>(place.x), static_cast<int>(place.y));
  }

  /// Pixels of a colour.
  int count(Colour colour) const {
    int sum = 0;
    for (int y = 0; y < canvas_.size().height; ++y) {
      for (int x = 0; x < canvas_.size().width; ++x) sum += canvas_.pixel(x, y) == colour;
    }
    return sum;
  }

  /// Whether something dark is within 1.5 pixels above or below a place.
  bool line_at(float x, float y) const {
    const Point place = projection_({x, y});
    const auto column = static_cast<int>(place.x);
    bool dark = false;
    for (int row = 0; row < canvas_.size().height; ++row) {
      const bool near = std::abs(static_cast<float>(row) + 0.5F - place.y) < 1.5F;
      dark = dark || (near && canvas_.pixel(column, row).green < 128);
    }
    return dark;
  }

 private:
  Canvas canvas_;
  Projection projection_;
};

TEST(AcrobotPicture, LinksHangStraightDown) {
  const Picture<Acrobot> picture({0, 0, 0, 0});
  EXPECT_EQ(picture.at(0, -0.5F), kCyan);
  EXPECT_EQ(picture.at(0, -1.5F), kCyan);
  EXPECT_EQ(picture.at(0, -1.97F), kCyan);
  EXPECT_EQ(picture.at(0, 0), kOlive);
  EXPECT_EQ(picture.at(0, -1), kOlive);
  EXPECT_EQ(picture.at(0, -2.05F), kWhite);
  EXPECT_EQ(picture.at(0.2F, -0.5F), kWhite);
  EXPECT_TRUE(picture.line_at(-2, 1));
  EXPECT_TRUE(picture.line_at(2, 1));
}

TEST(AcrobotPicture, LinksTurnCounterClockwise) {
  const Picture<Acrobot> picture({kPi<float> / 2, kPi<float> / 2, 0, 0});  // to the right, and up from there
  EXPECT_EQ(picture.at(0.5F, 0), kCyan);
  EXPECT_EQ(picture.at(1, 0), kOlive);
  EXPECT_EQ(picture.at(1, 0.5F), kCyan);
  EXPECT_EQ(picture.at(0, -0.5F), kWhite);
}

// The valley is 0.45 sin(3x) + 0.55 high; cars stand 0.03 above it.
template <class Env>
class MountainPicture : public ::testing::Test {};
using Cars = ::testing::Types<MountainCar, MountainCarContinuous>;
TYPED_TEST_SUITE(MountainPicture, Cars);

TYPED_TEST(MountainPicture, ShowsTheGround) {
  const Picture<TypeParam> picture({-0.5F, 0});
  for (float x = -1.19F; x < 0.595F; x += 0.01F) {
    EXPECT_TRUE(picture.line_at(x, 0.45F * std::sin(3 * x) + 0.55F)) << x;
  }
}

TYPED_TEST(MountainPicture, ShowsTheCarAtTheBottomOnItsWheels) {
  const float x = -kPi<float> / 6;
  const Picture<TypeParam> picture({x, 0});
  EXPECT_EQ(picture.at(x, 0.13F + 0.03F), kBlack);  // level: cos(3x) = 0
  EXPECT_EQ(picture.at(x + 0.055F, 0.18F), kBlack);
  EXPECT_EQ(picture.at(x - 0.055F, 0.18F), kBlack);
  EXPECT_EQ(picture.at(x + 0.03F, 0.13F), kGrey);
  EXPECT_EQ(picture.at(x - 0.03F, 0.13F), kGrey);
  EXPECT_EQ(picture.at(x, 0.2F), kWhite);
  EXPECT_EQ(picture.at(0, 0.58F), kWhite);
}

TYPED_TEST(MountainPicture, ShowsTheCarClimbingWithItsNoseUp) {
  const Picture<TypeParam> picture({0, 0});  // turned by 1 rad; its bottom is at 0.55 + 0.03
  const float c = std::cos(1.0F);
  const float s = std::sin(1.0F);
  EXPECT_EQ(picture.at(0.05F * c - 0.04F * s, 0.58F + 0.05F * s + 0.04F * c), kBlack);  // the nose
  EXPECT_EQ(picture.at(0.03F * c, 0.58F + 0.03F * s), kGrey);
  EXPECT_EQ(picture.at(0.05F, 0.58F), kWhite);
}

TYPED_TEST(MountainPicture, ShowsTheFlagAtTheGoal) {
  const Picture<TypeParam> picture({-0.5F, 0});
  const auto goal = static_cast<float>(TypeParam::kGoal);
  const float foot = 0.45F * std::sin(3 * goal) + 0.55F;
  EXPECT_EQ(picture.at(goal + 0.02F, foot + 0.135F), kOlive);
  EXPECT_EQ(picture.at(goal - 0.02F, foot + 0.135F), kWhite);
  EXPECT_LT(picture.at(goal, foot + 0.08F).green, 128);
  EXPECT_EQ(picture.at(goal, foot + 0.17F), kWhite);
}

TEST(PendulumPicture, ShowsTheRodWithRoundEndsAndItsAxle) {
  const Picture<Pendulum> upright({0, 0, 0});
  EXPECT_EQ(upright.at(0, 0.5F), kRed);
  EXPECT_EQ(upright.at(0, 1.07F), kRed);
  EXPECT_EQ(upright.at(0.08F, 0.5F), kRed);
  EXPECT_EQ(upright.at(0.09F, 1.09F), kWhite);
  EXPECT_EQ(upright.at(0, 0), kBlack);
  EXPECT_EQ(upright.at(0, -0.5F), kWhite);
  const Picture<Pendulum> left({kPi<float> / 2, 0, 0});
  EXPECT_EQ(left.at(-0.5F, 0), kRed);
  EXPECT_EQ(left.at(0.5F, 0), kWhite);
}

TEST(PendulumPicture, ShowsTheTorqueByAnArrow) {
  const Picture<Pendulum> none({kPi<float>, 0, 0}), half({kPi<float>, 0, 1}), full({kPi<float>, 0, 2}),
      other_way({kPi<float>, 0, -2});
  EXPECT_EQ(none.at(0, 0.48F), kWhite);
  EXPECT_EQ(full.at(-0.48F, 0), kBlack);  // three quarters, counter-clockwise from above
  EXPECT_EQ(full.at(0, -0.48F), kBlack);
  EXPECT_EQ(full.at(0.45F, 0), kBlack);  // the head
  EXPECT_EQ(full.at(0.34F, 0.34F), kWhite);
  EXPECT_EQ(other_way.at(0.48F, 0), kBlack);
  EXPECT_EQ(other_way.at(-0.45F, 0), kBlack);
  EXPECT_EQ(other_way.at(-0.34F, 0.34F), kWhite);
  EXPECT_LT(half.at(-0.24F, 0).green, 128);
  EXPECT_EQ(half.at(-0.48F, 0), kWhite);
  EXPECT_LT(none.count(kBlack), half.count(kBlack));
  EXPECT_LT(half.count(kBlack), full.count(kBlack));
}

TEST(ClassicPictures, StatesThatAreNotNumbersDoNoHarm) {
  const float nan = NAN;
  EXPECT_GT(Picture<Acrobot>({nan, nan, 0, 0}).count(kWhite), 0);
  EXPECT_GT(Picture<MountainCar>({nan, 0}).count(kWhite), 0);
  EXPECT_GT(Picture<Pendulum>({nan, 0, nan}).count(kWhite), 0);
  EXPECT_GT(Picture<Pendulum>({1, 0, 2}, {16, 16}).count(kWhite), 0);
}

}  // namespace
}  // namespace ppo
