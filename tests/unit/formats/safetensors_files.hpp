// What the tests of safetensors files share: one file, and others than ours.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "formats/safetensors.hpp"
#include "system/errors.hpp"
#include "temporary_folder.hpp"

namespace ppo::test {

/// One file, gone with the test.
class SafeTensorsFile : public testing::Test {
 protected:
  SafeTensorsImage read(const std::string& bytes) const {
    std::ofstream(file_, std::ios::binary) << bytes;
    return read_image(file_, "policy", bytes.size());
  }

  /// The error that the bytes give; empty if they give none.
  std::string error_of(const std::string& bytes) const {
    try {
      read(bytes);
      return "";
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.exit_code, kWrongInput);
      return failure.what();
    }
  }

  void expect_refused(const std::string& bytes) const {
    const std::string error = error_of(bytes);
    EXPECT_NE(error.find(file_.filename().string()), std::string::npos) << error;
    EXPECT_EQ(error.find("json"), std::string::npos) << error;  // a library's words, not ours
    EXPECT_EQ(error.find("exception"), std::string::npos) << error;
    EXPECT_TRUE(std::none_of(error.begin(), error.end(), [](unsigned char c) { return c < ' '; })) << error;
    EXPECT_LT(error.size(), 400U) << error;
  }

  const TemporaryFolder folder_;
  const std::filesystem::path file_ = folder_.path() / "policy.safetensors";
};

inline std::string length_bytes(std::uint64_t length) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(length >> (8 * i));
  return bytes;
}

inline std::string file_of(const std::string& header, std::size_t data_bytes) {
  return length_bytes(header.size()) + header + std::string(data_bytes, '\0');
}

inline std::string tensor(const std::string& name, const std::string& shape, const std::string& offsets) {
  return '"' + name + R"(":{"dtype":"F32","shape":)" + shape + R"(,"data_offsets":)" + offsets + '}';
}

/// A file of float32 tensors.
inline std::string floats_file(const std::vector<Tensor>& tensors,
                               std::map<std::string, std::string> metadata) {
  std::vector<TensorPlace> places;
  for (const Tensor& tensor : tensors) places.push_back({tensor.name, Dtype::f32, tensor.shape});
  SafeTensorsImage image = lay_out(std::move(places), std::move(metadata));
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    put<float>(image, image.tensors[i].begin, tensors[i].data);
  }
  return image.bytes;
}

inline std::vector<float> floats_of(const SafeTensorsImage& image, const TensorPlace& place) {
  std::vector<float> numbers(place.size / sizeof(float));
  get<float>(image, place.begin, numbers);
  return numbers;
}

}  // namespace ppo::test
