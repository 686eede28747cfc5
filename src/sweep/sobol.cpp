#include "sweep/sobol.hpp"

#include <array>

#include "sweep/draws.hpp"

namespace ppo {
namespace {

constexpr int kBits = 32;
constexpr int kMostDegree = 7;

/// What defines a dimension behind the first: a primitive polynomial over GF(2), of which `inner` holds the
/// coefficients but the first and the last, and the first direction numbers.
struct Polynomial {
  int degree;
  std::uint32_t inner;
  std::uint32_t first[kMostDegree];
};

// Joe & Kuo's table new-joe-kuo-6.21201, from its second dimension on.
constexpr std::array<Polynomial, kSobolDimensions - 1> kPolynomials = {{
    {1, 0, {1}},
    {2, 1, {1, 3}},
    {3, 1, {1, 3, 1}},
    {3, 2, {1, 1, 1}},
    {4, 1, {1, 1, 3, 3}},
    {4, 4, {1, 3, 5, 13}},
    {5, 2, {1, 1, 5, 5, 17}},
    {5, 4, {1, 1, 5, 5, 5}},
    {5, 7, {1, 1, 7, 11, 19}},
    {5, 11, {1, 1, 5, 1, 1}},
    {5, 13, {1, 1, 1, 3, 11}},
    {5, 14, {1, 3, 5, 5, 31}},
    {6, 1, {1, 3, 3, 9, 7, 49}},
    {6, 13, {1, 1, 1, 15, 21, 21}},
    {6, 16, {1, 3, 1, 13, 27, 49}},
    {6, 19, {1, 1, 1, 15, 7, 5}},
    {6, 22, {1, 3, 1, 15, 13, 25}},
    {6, 25, {1, 1, 5, 5, 19, 61}},
    {7, 1, {1, 3, 7, 11, 23, 15, 103}},
    {7, 4, {1, 3, 7, 13, 13, 15, 69}},
    {7, 7, {1, 1, 3, 13, 7, 35, 63}},
    {7, 8, {1, 3, 5, 9, 1, 25, 53}},
    {7, 14, {1, 3, 1, 13, 9, 35, 107}},
}};

using Directions = std::array<std::uint32_t, kBits>;

/// The direction numbers of a dimension, each with its first bit right behind the point (Joe & Kuo 2008,
/// equation 3).
constexpr Directions directions(int dimension) {
  Directions all{};
  if (dimension == 0) {
    for (int i = 0; i < kBits; ++i) all[i] = 1U << (kBits - 1 - i);
    return all;
  }
  const Polynomial& polynomial = kPolynomials[dimension - 1];
  const int degree = polynomial.degree;
  for (int i = 0; i < degree; ++i) all[i] = polynomial.first[i] << (kBits - 1 - i);
  for (int i = degree; i < kBits; ++i) {
    all[i] = all[i - degree] ^ (all[i - degree] >> degree);
    for (int k = 1; k < degree; ++k) {
      if ((polynomial.inner >> (degree - 1 - k) & 1) != 0) all[i] ^= all[i - k];
    }
  }
  return all;
}

constexpr auto kDirections = [] {
  std::array<Directions, kSobolDimensions> all{};
  for (int dimension = 0; dimension < kSobolDimensions; ++dimension) all[dimension] = directions(dimension);
  return all;
}();

/// Flips each bit by a random one that belongs to the seed, the dimension and the bits before it.
std::uint32_t scrambled(std::uint32_t bits, std::uint64_t seed, int dimension) {
  std::uint32_t flips = 0;
  for (int place = 0; place < kBits; ++place) {
    const std::uint32_t before = place == 0 ? 0 : bits >> (kBits - place);
    const std::uint32_t random =
        sweep_bits(seed, SweepPurpose::scramble, before, static_cast<std::uint32_t>(place),
                   static_cast<std::uint32_t>(dimension));
    flips |= (random & 1) << (kBits - 1 - place);
  }
  return bits ^ flips;
}

}  // namespace

std::uint32_t sobol_bits(std::uint32_t index, int dimension) {
  std::uint32_t bits = 0;
  for (int i = 0; index >> i != 0; ++i) {
    if ((index >> i & 1) != 0) bits ^= kDirections[dimension][i];
    if (i == kBits - 1) break;
  }
  return bits;
}

double sobol(std::uint64_t seed, std::uint32_t index, int dimension) {
  return scrambled(sobol_bits(index, dimension), seed, dimension) * 0x1p-32;
}

}  // namespace ppo
