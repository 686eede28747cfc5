// Points that fill a unit cube evenly: the Sobol sequence, scrambled.
#pragma once

#include <cstdint>

namespace ppo {

/// The most dimensions that there are direction numbers for.
inline constexpr int kSobolDimensions = 24;

/// Coordinate `dimension` of point `index` of the sequence that belongs to the seed, in [0, 1): a multiple of
/// 2^-32. Sobol 1967; direction numbers of Joe & Kuo 2008 ("Constructing Sobol' sequences with better
/// two-dimensional projections"); nested uniform scrambling of Owen 1995, whose random bits are Philox's.
double sobol(std::uint64_t seed, std::uint32_t index, int dimension);

/// The same before it is scrambled, as 32 bits behind the point.
std::uint32_t sobol_bits(std::uint32_t index, int dimension);

}  // namespace ppo
