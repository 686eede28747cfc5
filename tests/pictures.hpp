// Reads back the pictures that the program makes: PNG by stb_image, GIF by giflib.
#pragma once

#include <gif_lib.h>
#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#include <stb/stb_image.h>

#include "ppo/scene.hpp"

namespace ppo::test {

struct Picture {
  int width = 0;
  int height = 0;
  std::vector<Colour> pixels;  // [height][width]

  Colour at(int x, int y) const { return pixels.at(static_cast<std::size_t>(y * width + x)); }
};

inline Picture read_png(const std::string& bytes) {
  Picture picture;
  const std::unique_ptr<stbi_uc, void (*)(void*)> data(
      stbi_load_from_memory(reinterpret_cast<const stbi_uc*>(bytes.data()), static_cast<int>(bytes.size()),
                            &picture.width, &picture.height, nullptr, 3),
      stbi_image_free);
  if (data == nullptr) throw std::runtime_error("no PNG");
  picture.pixels.resize(static_cast<std::size_t>(picture.width * picture.height));
  std::memcpy(picture.pixels.data(), data.get(), picture.pixels.size() * sizeof(Colour));
  return picture;
}

struct Animation {
  std::vector<Picture> pictures;
  std::vector<int> centiseconds;  // of each picture
  bool loops = false;
};

/// The pictures as a viewer shows them, each drawn over the one before.
inline Animation read_gif(const std::string& bytes) {
  struct Source {
    const std::string& bytes;
    std::size_t at = 0;
  } source{bytes};
  const auto read = [](GifFileType* gif, GifByteType* to, int count) {
    auto& from = *static_cast<Source*>(gif->UserData);
    const std::size_t taken = std::min(static_cast<std::size_t>(count), from.bytes.size() - from.at);
    std::memcpy(to, from.bytes.data() + from.at, taken);
    from.at += taken;
    return static_cast<int>(taken);
  };
  GifFileType* const gif = DGifOpen(&source, read, nullptr);
  if (gif == nullptr) throw std::runtime_error("no GIF");
  const std::unique_ptr<GifFileType, void (*)(GifFileType*)> closes(
      gif, [](GifFileType* file) { DGifCloseFile(file, nullptr); });
  if (DGifSlurp(gif) == GIF_ERROR) throw std::runtime_error("a damaged GIF");
  Animation animation;
  Picture picture{gif->SWidth, gif->SHeight, {}};
  picture.pixels.resize(static_cast<std::size_t>(picture.width * picture.height));
  for (int i = 0; i < gif->ImageCount; ++i) {
    const SavedImage& image = gif->SavedImages[i];
    const GifImageDesc& part = image.ImageDesc;
    for (int y = 0; y < part.Height; ++y) {
      for (int x = 0; x < part.Width; ++x) {
        const GifColorType colour = gif->SColorMap->Colors[image.RasterBits[y * part.Width + x]];
        picture.pixels.at(static_cast<std::size_t>((part.Top + y) * picture.width + part.Left + x)) = {
            colour.Red, colour.Green, colour.Blue};
      }
    }
    for (int e = 0; e < image.ExtensionBlockCount; ++e) {
      const ExtensionBlock& block = image.ExtensionBlocks[e];
      animation.loops |= block.Function == APPLICATION_EXT_FUNC_CODE && block.ByteCount == 11 &&
                         std::memcmp(block.Bytes, "NETSCAPE2.0", 11) == 0;
    }
    GraphicsControlBlock control;
    if (DGifSavedExtensionToGCB(gif, i, &control) == GIF_ERROR) throw std::runtime_error("no delay");
    animation.centiseconds.push_back(control.DelayTime);
    animation.pictures.push_back(picture);
  }
  return animation;
}

}  // namespace ppo::test
