// The safetensors format: a length, a JSON header with names, shapes and offsets, then the numbers.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
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

/// Float32 tensors only. Throws Failure(kWrongInput), naming the file and what is wrong, for everything that
/// is not a whole and consistent file.
SafeTensors read_safetensors(const std::filesystem::path& file);

}  // namespace ppo
