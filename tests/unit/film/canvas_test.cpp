// How shapes become pixels.
#include "film/canvas.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <span>
#include <vector>

namespace ppo {
namespace {

constexpr View kSquare{.left = 0, .right = 10, .bottom = 0, .top = 10};

Canvas drawn(const Scene& scene, const ImageSize& size) {
  Canvas canvas(size);
  const Projection projection(kSquare, canvas.whole());
  for (const Shape& shape : scene) canvas.draw(shape, projection, canvas.whole());
  return canvas;
}

/// What the shapes, black on white, cover of the picture [pixels].
double area(const Canvas& canvas) {
  double sum = 0;
  for (int y = 0; y < canvas.size().height; ++y) {
    for (int x = 0; x < canvas.size().width; ++x) sum += 1 - canvas.pixel(x, y).red / 255.0;
  }
  return sum;
}

TEST(Canvas, ABoxOnPixelBordersHasHardEdges) {
  Scene scene;
  scene.box(kBlack, {5, 5}, 4, 2);
  const Canvas canvas = drawn(scene, {10, 10});
  for (int y = 0; y < 10; ++y) {
    for (int x = 0; x < 10; ++x) {
      const bool inside = x >= 3 && x < 7 && y >= 4 && y < 6;
      EXPECT_EQ(canvas.pixel(x, y), inside ? kBlack : kWhite) << x << ' ' << y;
    }
  }
}

TEST(Canvas, APixelTakesTheShareThatIsCovered) {
  Scene scene;
  scene.box(kBlack, {5, 5}, 4.5F, 2.5F);  // a quarter of a pixel over on each side
  const Canvas canvas = drawn(scene, {10, 10});
  EXPECT_EQ(canvas.pixel(2, 5).red, 191);  // 255 * 3/4
  EXPECT_EQ(canvas.pixel(4, 3).red, 191);
  EXPECT_EQ(canvas.pixel(2, 3).red, 239);  // 255 * 15/16: a corner
  EXPECT_EQ(canvas.pixel(5, 5).red, 0);
}

TEST(Canvas, CoversTheAreaOfTheShape) {
  for (const float angle : {0.0F, 0.1F, 0.5F, 0.785F, 2.0F}) {
    Scene box;
    box.box(kBlack, {5, 5}, 3, 2, angle);
    EXPECT_NEAR(area(drawn(box, {200, 200})), 6 * 400, 12) << angle;
  }
  Scene disc;
  disc.disc(kBlack, {5, 5}, 2);
  EXPECT_NEAR(area(drawn(disc, {200, 200})), 4 * std::numbers::pi * 400, 10);
  Scene either_way_round;
  either_way_round.polygon(kBlack, {{1, 1}, {1, 5}, {4, 1}});
  EXPECT_NEAR(area(drawn(either_way_round, {200, 200})), 6 * 400, 12);
}

TEST(Canvas, ACurveIsEquallyWideEverywhereAndRoundAtItsEnds) {
  const Point corner[] = {{2, 2}, {8, 2}, {8, 8}};
  Scene scene;
  scene.curve(kBlack, corner, 2);
  const Canvas canvas = drawn(scene, {200, 200});
  // 6 x 2 and 2 x 6 share a square of 1 x 1; half a disc at each end, a quarter around the corner.
  EXPECT_NEAR(area(canvas), (23 + 1.25 * std::numbers::pi) * 400, 20);
  EXPECT_EQ(canvas.pixel(22, 159), kBlack);   // within the round end, at (1.1, 2.05)
  EXPECT_EQ(canvas.pixel(22, 175), kWhite);   // in its corner
  EXPECT_EQ(canvas.pixel(179, 179), kWhite);  // outside of the round corner
}

TEST(Canvas, ALongCurveIsThatOfItsParts) {
  std::vector<Point> points;
  for (int i = 0; i <= 30; ++i) points.push_back({1 + 8 * static_cast<float>(i) / 30, 5});
  for (std::size_t count = 0; count <= points.size(); ++count) {
    Scene scene;
    scene.curve(kBlack, std::span(points).first(count), 0.2F);
    const double length = count < 2 ? 0 : static_cast<double>(points[count - 1].x - points[0].x);
    const double expected = count < 2 ? 0 : (length * 0.2 + std::numbers::pi * 0.01) * 400;
    EXPECT_NEAR(area(drawn(scene, {200, 200})), expected, 3) << count;
  }
  Scene none;
  none.curve(kBlack, points, 0);
  none.curve(kBlack, points, NAN);
  EXPECT_EQ(none.begin(), none.end());
}

TEST(Canvas, TurnsCounterClockwise) {
  Scene scene;
  scene.box(kBlack, {5, 5}, 8, 1, 0.6F);
  const Canvas canvas = drawn(scene, {100, 100});
  EXPECT_EQ(canvas.pixel(50 + 25, 50 - 17), kBlack);  // to the right and up
  EXPECT_EQ(canvas.pixel(50 + 25, 50 + 17), kWhite);
}

TEST(Canvas, ShapesOutsideAndWithoutSizeDoNoHarm) {
  Scene scene;
  scene.box(kBlack, {1e30F, 5}, 4, 2);
  scene.box(kBlack, {-50, 5}, 4, 2);
  scene.box(kBlack, {NAN, 5}, 4, 2);
  scene.disc(kBlack, {5, INFINITY}, 2);
  scene.polygon(kBlack, {});
  scene.polygon(kBlack, {{2, 2}});
  const Point far[] = {{-50, 5}, {NAN, 5}, {1e30F, 5}};
  scene.curve(kBlack, std::span(far).first(1), 1);
  scene.curve(kBlack, far, 1);
  for (int i = 0; i < 100; ++i) scene.disc(kBlack, {-100, -100}, 1);
  EXPECT_EQ(scene.end() - scene.begin(), Scene::kMostShapes);
  EXPECT_EQ(area(drawn(scene, {20, 20})), 0);
}

TEST(Projection, FitsTheWholeViewIntoTheMiddle) {
  const Projection wide(kSquare, {0, 0, 300, 100});
  EXPECT_EQ(wide.pixels_per_unit, 10);
  EXPECT_EQ(wide({0, 0}).x, 100);
  EXPECT_EQ(wide({0, 0}).y, 100);
  EXPECT_EQ(wide({10, 10}).x, 200);
  EXPECT_EQ(wide({10, 10}).y, 0);
}

}  // namespace
}  // namespace ppo
