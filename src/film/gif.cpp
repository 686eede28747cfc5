#include "film/gif.hpp"

#include <gif_lib.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "system/errors.hpp"

namespace ppo {
namespace {

constexpr int kColourBits = 8;

[[noreturn]] void fail(int error) {
  const char* const reason = GifErrorString(error);
  throw Failure(kRunFailed,
                std::string("cannot make the GIF: ") + (reason == nullptr ? "unknown cause" : reason));
}

int append(GifFileType* gif, const GifByteType* bytes, int count) {
  auto* const text = static_cast<std::string*>(gif->UserData);
  text->append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(count));
  return count;
}

using ColourMap = std::unique_ptr<ColorMapObject, decltype(&GifFreeMapObject)>;

ColourMap colour_map(const Palette& palette) {
  ColourMap map(GifMakeMapObject(1 << kColourBits, nullptr), &GifFreeMapObject);
  if (map == nullptr) fail(E_GIF_ERR_NOT_ENOUGH_MEM);
  for (std::size_t i = 0; i < palette.colours().size(); ++i) {
    const Colour& colour = palette.colours()[i];
    map->Colors[i] = {colour.red, colour.green, colour.blue};
  }
  return map;
}

}  // namespace

Gif::Gif(const ImageSize& size, Palette palette)
    : size_(size),
      palette_(std::move(palette)),
      indices_(static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height)) {
  int error = 0;
  gif_ = EGifOpen(&bytes_, append, &error);
  if (gif_ == nullptr) fail(error);
  EGifSetGifVersion(gif_, true);
  check(EGifPutScreenDesc(gif_, size.width, size.height, kColourBits, 0, colour_map(palette_).get()));
  // The application extension that browsers understand as "loop"; 0 means endlessly.
  constexpr std::array<GifByteType, 3> kForever = {1, 0, 0};
  check(EGifPutExtensionLeader(gif_, APPLICATION_EXT_FUNC_CODE));
  check(EGifPutExtensionBlock(gif_, 11, "NETSCAPE2.0"));
  check(EGifPutExtensionBlock(gif_, kForever.size(), kForever.data()));
  check(EGifPutExtensionTrailer(gif_));
}

Gif::~Gif() {
  int error = 0;
  if (gif_ != nullptr) EGifCloseFile(gif_, &error);
}

void Gif::check(int result) const {
  if (result == GIF_ERROR) fail(gif_->Error);
}

Rect Gif::renew(const Canvas& canvas, const Rect& area) {
  Rect changed;
  Colour latest = canvas.pixel(area.left, area.top);
  std::uint8_t index = palette_.nearest(latest);
  for (int y = area.top; y < area.bottom; ++y) {
    std::uint8_t* const row =
        indices_.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(size_.width);
    for (int x = area.left; x < area.right; ++x) {
      const Colour colour = canvas.pixel(x, y);
      if (colour != latest) index = palette_.nearest(colour);
      latest = colour;
      if (row[x] == index) continue;
      row[x] = index;
      changed = bounding(changed, {x, y, x + 1, y + 1});
    }
  }
  return changed;
}

void Gif::add(const Canvas& canvas, const Rect& changed, int centiseconds) {
  Rect part = intersection(changed, canvas.whole());
  if (first_) part = canvas.whole();
  if (!part.empty()) {
    const Rect renewed = renew(canvas, part);
    if (!first_) part = renewed;
  }
  if (part.empty()) part = {0, 0, 1, 1};  // a frame needs a pixel
  first_ = false;

  GraphicsControlBlock control{.DisposalMode = DISPOSE_DO_NOT,
                               .UserInputFlag = false,
                               .DelayTime = centiseconds,
                               .TransparentColor = NO_TRANSPARENT_COLOR};
  std::array<GifByteType, 4> extension;
  EGifGCBToExtension(&control, extension.data());
  check(EGifPutExtension(gif_, GRAPHICS_EXT_FUNC_CODE, extension.size(), extension.data()));
  check(EGifPutImageDesc(gif_, part.left, part.top, part.width(), part.height(), false, nullptr));
  for (int y = part.top; y < part.bottom; ++y) {
    std::uint8_t* const row =
        indices_.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(size_.width);
    check(EGifPutLine(gif_, row + part.left, part.width()));
  }
}

std::string Gif::finish() {
  int error = 0;
  GifFileType* const gif = std::exchange(gif_, nullptr);
  if (EGifCloseFile(gif, &error) == GIF_ERROR) fail(error);
  return std::move(bytes_);
}

}  // namespace ppo
