// The safetensors format: a length, a JSON header with names, shapes and offsets, then the numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ppo {

struct Tensor {
  std::string name;
  std::vector<std::int64_t> shape;  // row-major
  std::vector<float> data;          // as many as the shape says
};

struct SafeTensors {
  std::vector<Tensor> tensors;  // in file order
  std::map<std::string, std::string> metadata;
};

/// The file's bytes.
std::string to_safetensors(const SafeTensors& content);

/// The longest header that is read: twelve tensors and their metadata take about 1 KiB.
inline constexpr std::size_t kMostHeaderBytes = std::size_t{1} << 20;

/// Float32 tensors only, without gaps between them. Throws Failure(kWrongInput), naming the file and what is
/// wrong, for everything that is not a whole and consistent file. Never holds more than the bytes and a few
/// times the header.
SafeTensors parse_safetensors(std::string_view bytes, const std::string& file);

/// The same of a file of at most `most_bytes`.
SafeTensors read_safetensors(const std::filesystem::path& file,
                             std::size_t most_bytes = std::size_t{1} << 32);

}  // namespace ppo
