// CartPole's picture as the reference notebook draws it (with Pillow, without smooth edges).
#include <algorithm>
#include <cstdlib>

#include "film/canvas.hpp"
#include "golden/golden_file.hpp"
#include "pictures.hpp"
#include "ppo/env/cartpole.hpp"
#include "read_file.hpp"

namespace ppo {
namespace {

using golden::Json;

// Pictures are no vectors: they come with the source, whatever PPO_GOLDEN_DIR holds.
const std::filesystem::path kPictures = std::filesystem::path(PPO_GOLDEN_FOLDER) / "cartpole_pictures";

int difference(Colour a, Colour b) {
  return std::max({std::abs(a.red - b.red), std::abs(a.green - b.green), std::abs(a.blue - b.blue)});
}

/// Whether the reference has an edge within two pixels: smooth and hard edges must differ there, and Pillow
/// rounds corners to whole pixels.
bool near_edge(const test::Picture& picture, int x, int y) {
  for (int dy = -2; dy <= 2; ++dy) {
    for (int dx = -2; dx <= 2; ++dx) {
      const int at_x = std::clamp(x + dx, 0, picture.width - 1);
      const int at_y = std::clamp(y + dy, 0, picture.height - 1);
      if (picture.at(at_x, at_y) != picture.at(x, y)) return true;
    }
  }
  return false;
}

TEST(GoldenPicture, IsTheReferencesButForItsEdges) {
  const Json states = Json::parse(test::read_file(kPictures / "states.json"));
  ASSERT_EQ(states.size(), 4U);
  for (const auto& [name, numbers] : states.items()) {
    SCOPED_TRACE(name);
    const std::vector<float> s = golden::numbers<float>(numbers);
    const test::Picture reference = test::read_png(test::read_file(kPictures / (name + ".png")));
    ASSERT_EQ(reference.width, 600);
    ASSERT_EQ(reference.height, 400);
    Scene scene;
    CartPole::draw({s[0], s[1], s[2], s[3]}, scene);
    Canvas canvas({reference.width, reference.height});
    const Projection projection(CartPole::kView, canvas.whole());
    canvas.fill(canvas.whole(), CartPole::kView.background);
    for (const Shape& shape : scene) canvas.draw(shape, projection, canvas.whole());

    const auto axle = static_cast<int>(300 + 125 * s[0]);
    int at_edges = 0;
    for (int y = 0; y < reference.height; ++y) {
      for (int x = 0; x < reference.width; ++x) {
        if (canvas.pixel(x, y) == reference.at(x, y)) continue;
        const bool at_axle = std::abs(x - axle) < 4 && std::abs(y - 250) < 4;  // it is little more than edge
        EXPECT_TRUE(at_axle || near_edge(reference, x, y)) << x << ' ' << y;
        ++at_edges;
      }
    }
    // All edges together are some 400 pixels long, without the track, which is the same row in both.
    EXPECT_LT(at_edges, 800);
    EXPECT_EQ(difference(canvas.pixel(3, 250), kBlack), 0);
    EXPECT_EQ(difference(canvas.pixel(3, 249), kWhite), 0);
    EXPECT_EQ(difference(canvas.pixel(3, 251), kWhite), 0);
  }
}

}  // namespace
}  // namespace ppo
