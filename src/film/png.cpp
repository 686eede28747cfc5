#include "film/png.hpp"

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#include <stb/stb_image_write.h>

#include "system/errors.hpp"

namespace ppo {

std::string png(const Canvas& canvas) {
  static_assert(sizeof(Colour) == 3);
  std::string bytes;
  const auto append = [](void* text, void* data, int count) {
    static_cast<std::string*>(text)->append(static_cast<const char*>(data), static_cast<std::size_t>(count));
  };
  const ImageSize& size = canvas.size();
  if (stbi_write_png_to_func(append, &bytes, size.width, size.height, 3, canvas.data(), 3 * size.width) ==
      0) {
    throw Failure(kRunFailed, "not enough memory to make the PNG");
  }
  return bytes;
}

}  // namespace ppo
