// The safetensors format: a length, a JSON header with names, shapes and offsets, then the numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace ppo {

/// What a tensor's numbers are.
enum class Dtype { u8, i32, i64, u64, f32, f64 };

/// A tensor as a file's header describes it.
struct TensorPlace {
  std::string name;
  Dtype dtype;
  std::vector<std::int64_t> shape;  // row-major
  std::size_t begin = 0;            // in the file [bytes]
  std::size_t size = 0;             // [bytes]
};

/// The size that its kind and shape ask for [bytes].
std::size_t byte_size(const TensorPlace& tensor);

/// A file in memory.
struct SafeTensorsImage {
  std::string bytes;
  std::vector<TensorPlace> tensors;  // in file order, without gaps
  std::map<std::string, std::string> metadata;
};

/// The file of those tensors, whose places are found here; all numbers are 0.
SafeTensorsImage lay_out(std::vector<TensorPlace> tensors, std::map<std::string, std::string> metadata);

/// The longest header that is read: a checkpoint's takes about 4 KiB.
inline constexpr std::size_t kMostHeaderBytes = std::size_t{1} << 20;

/// Throws Failure(kWrongInput), "FILE: not a readable `what`: ...", for everything that is not a whole and
/// consistent file without gaps between its tensors. Never holds more than the bytes and a few times the
/// header.
SafeTensorsImage parse_image(std::string bytes, const std::string& file, const char* what);

/// The same of a file of at most `most_bytes`.
SafeTensorsImage read_image(const std::filesystem::path& file, const char* what, std::size_t most_bytes);

/// The metadata of such a file, of which no more than the header is read.
std::map<std::string, std::string> read_metadata(const std::filesystem::path& file, const char* what);

/// Copies numbers [count] to or from the image, from byte `begin` on. They need not be aligned there.
template <class Number>
void put(SafeTensorsImage& image, std::size_t begin, std::span<const Number> numbers) {
  if (!numbers.empty()) std::memcpy(image.bytes.data() + begin, numbers.data(), numbers.size_bytes());
}
template <class Number>
void get(const SafeTensorsImage& image, std::size_t begin, std::span<Number> numbers) {
  if (!numbers.empty()) std::memcpy(numbers.data(), image.bytes.data() + begin, numbers.size_bytes());
}

/// A tensor of float32.
struct Tensor {
  std::string name;
  std::vector<std::int64_t> shape;  // row-major
  std::vector<float> data;          // as many as the shape says
};

}  // namespace ppo
