#include "film/caption.hpp"

#include <stb/stb_easy_font.h>

#include <vector>

namespace ppo {
namespace {

struct Vertex {  // as stb_easy_font writes it
  float x, y, z;
  unsigned char colour[4];
};
struct Quad {
  Vertex corner[4];
};

constexpr int kTextHeight = 8;  // from the top of a capital to the bottom of a g, nearly [dots]

}  // namespace

void caption(Canvas& canvas, const Rect& area, const std::string& text, Colour colour) {
  std::string letters = text;  // the library takes them as char*
  std::vector<Quad> quads(64 * (letters.size() + 1));
  const int bytes = static_cast<int>(quads.size() * sizeof(Quad));
  const int count = stb_easy_font_print(0, 0, letters.data(), nullptr, quads.data(), bytes);
  const int width = stb_easy_font_width(letters.data());  // [dots]
  const int scale = 2 * width <= area.width() ? 2 : 1;
  const int left = (area.left + area.right - scale * width) / 2;
  const int top = (area.top + area.bottom - scale * kTextHeight) / 2;
  for (int i = 0; i < count; ++i) {
    const Vertex& from = quads[static_cast<std::size_t>(i)].corner[0];
    const Vertex& to = quads[static_cast<std::size_t>(i)].corner[2];
    const Rect dots{left + scale * static_cast<int>(from.x), top + scale * static_cast<int>(from.y),
                    left + scale * static_cast<int>(to.x), top + scale * static_cast<int>(to.y)};
    canvas.fill(intersection(dots, area), colour);
  }
}

}  // namespace ppo
