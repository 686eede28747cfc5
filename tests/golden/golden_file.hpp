// Golden vectors: results of other implementations, in files that also state how close to come.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace ppo::golden {

using Json = nlohmann::json;

/// PPO_GOLDEN_DIR, when set, replaces the folder in the source tree; same layout, other sizes and numbers.
inline std::filesystem::path folder() {
  const char* chosen = std::getenv("PPO_GOLDEN_DIR");
  return chosen != nullptr ? chosen : PPO_GOLDEN_FOLDER;
}

/// Throws when the file cannot be read: a missing file fails its test instead of skipping it.
inline Json read_path(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot open the golden file " + path.string());
  return Json::parse(file);
}

inline Json read(const std::string& name) {
  return read_path(folder() / name);
}

/// A file of the source tree, whatever the set.
inline Json read_own(const std::string& name) {
  return read_path(std::filesystem::path(PPO_GOLDEN_FOLDER) / name);
}

/// Of a file that a set need not have: that of the source tree, then.
inline Json read_or_own(const std::string& name) {
  return std::filesystem::exists(folder() / name) ? read(name) : read_own(name);
}

/// The inputs are exact float32 values, so float and double start alike.
template <class Real = double>
std::vector<Real> numbers(const Json& array) {
  std::vector<Real> values;
  values.reserve(array.size());
  for (const Json& entry : array) values.push_back(static_cast<Real>(entry.get<double>()));
  return values;
}

/// An array whose size follows from others of the file.
template <class Real = double>
std::vector<Real> numbers(const Json& array, std::size_t size) {
  if (array.size() != size) {
    throw std::runtime_error("a golden array has " + std::to_string(array.size()) + " entries instead of " +
                             std::to_string(size));
  }
  return numbers<Real>(array);
}

inline double largest(std::span<const double> values) {
  double result = 0;
  for (const double value : values) result = std::max(result, std::abs(value));
  return result;
}

/// Two implementations in double agree to this share of the largest entry, says the rule of the files: some
/// thousand times the rounding of double, for sums of some thousand terms in any order.
inline constexpr double kDoubleAgreement = 1e-12;

/// What a rounding of double is of one of float.
inline constexpr double kDoubleOfFloat = 0x1p-29;

/// Every entry within the tolerance that the file's doc states for `output`: |got - want| <= atol + rtol
/// |want|, ten times the error that another implementation has in float. In double within kDoubleAgreement of
/// `scale`, by default the largest entry; where the file's numbers magnify roundings beyond that, as Adam
/// does with a gradient that nearly vanishes, within float's tolerance, shrunk as the roundings are.
template <class Real>
void expect_close(const Json& file, const std::string& output, const std::vector<Real>& got,
                  const std::vector<double>& want, double scale = 0) {
  const Json& tolerance = file.at("doc").at("tolerance");
  const double atol = tolerance.at("atol").at(output).get<double>();
  const double rtol = tolerance.at("rtol").get<double>();
  ASSERT_FALSE(want.empty()) << output;
  ASSERT_EQ(got.size(), want.size()) << output;
  const double agreement = kDoubleAgreement * (scale > 0 ? scale : largest(want));
  for (std::size_t i = 0; i < want.size(); ++i) {
    double bound = atol + rtol * std::abs(want[i]);
    if (std::is_same_v<Real, double>) bound = std::min(bound, std::max(agreement, kDoubleOfFloat * bound));
    const double error = std::abs(static_cast<double>(got[i]) - want[i]);
    ASSERT_TRUE(error <= bound) << output << "[" << i << "]: got " << got[i] << ", want " << want[i]
                                << ", error " << error << ", bound " << bound;
  }
}

/// The same for a single number.
template <class Real>
void expect_close(const Json& file, const std::string& output, Real got, const Json& want, double scale = 0) {
  expect_close(file, output, std::vector<Real>{got}, std::vector<double>{want.get<double>()}, scale);
}

/// Suites that run in both precisions.
using Reals = ::testing::Types<float, double>;

struct RealName {
  template <class Real>
  static std::string GetName(int) {
    return std::is_same_v<Real, float> ? "Float" : "Double";
  }
};

}  // namespace ppo::golden
