// What this card computes is what the host computes: random numbers, and the elementary functions.
#include <algorithm>

#include "bench/probes/cluster_sums.hpp"
#include "gpu/fingerprint.hpp"
#include "gpu/gpu.hpp"

namespace ppo::test {
namespace {

class GpuPhilox : public Gpu {
 protected:
  static void expect_blocks(const std::vector<PhiloxBlock>& counters, std::uint64_t key,
                            const std::vector<PhiloxBlock>& wanted) {
    EXPECT_TRUE(testing::same_bytes(probes::philox(counters, key), wanted)) << "key " << key;
  }
};

// kat_vectors of Random123 1.14.
TEST_F(GpuPhilox, PublishedAnswers) {
  expect_blocks({{{0, 0, 0, 0}}}, 0, {{{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}}});
  expect_blocks({{{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}}}, 0xffffffffffffffff,
                {{{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}}});
  expect_blocks({{{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}}}, 0x299f31d0a4093822,
                {{{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}});
}

TEST_F(GpuPhilox, IsTheHosts) {
  constexpr std::size_t kCount = 1 << 18;
  std::vector<PhiloxBlock> counters(kCount);
  std::vector<PhiloxBlock> wanted(kCount);
  for (const std::uint64_t key : {std::uint64_t{0}, std::uint64_t{42}, std::uint64_t{0xfedcba9876543210}}) {
    for (std::size_t i = 0; i < kCount; ++i) {
      counters[i] = philox4x32_10({{static_cast<std::uint32_t>(i), 1, 2, 3}}, ~key);  // as good as any
      wanted[i] = philox4x32_10(counters[i], key);
    }
    expect_blocks(counters, key, wanted);
  }
}

class GpuNumerics : public Gpu {
 protected:
  /// For every float, or every `stride`-th (of an odd stride).
  template <class Of>
  static void expect_the_hosts_bits(const std::vector<probes::Function>& functions, std::uint32_t stride) {
    const auto chunks = static_cast<std::uint32_t>((std::uint64_t{1} << 32) / stride / probes::kChunkSize);
    const std::vector<std::uint32_t> wanted = fingerprints_on_host<Of>(stride, chunks);
    for (const probes::Function function : functions) {
      const std::vector<std::uint32_t> got = probes::fingerprints(function, stride, chunks);
      const auto different = std::mismatch(wanted.begin(), wanted.end(), got.begin());
      EXPECT_EQ(different.first - wanted.begin(), chunks)
          << "is the first chunk that differs, of arguments from number "
          << (different.first - wanted.begin()) * std::int64_t{probes::kChunkSize} << " on";
    }
  }
};

TEST_F(GpuNumerics, Exp) {
  expect_the_hosts_bits<probes::Exp>({probes::Function::exp}, 1);
}

// The quotient of the quick one rests on an estimate that each architecture makes in its own way.
TEST_F(GpuNumerics, Tanh) {
  expect_the_hosts_bits<probes::Tanh>({probes::Function::tanh, probes::Function::quick_tanh}, 1);
}

TEST_F(GpuNumerics, Log) {
  expect_the_hosts_bits<probes::Log>({probes::Function::log}, 7);
}

TEST_F(GpuNumerics, SinAndCos) {
  expect_the_hosts_bits<probes::Sin>({probes::Function::sin}, 7);
  expect_the_hosts_bits<probes::Cos>({probes::Function::cos}, 7);
}

TEST_F(GpuNumerics, DivisionAndRoot) {
  expect_the_hosts_bits<probes::Divide>({probes::Function::divide}, 7);
  expect_the_hosts_bits<probes::Sqrt>({probes::Function::sqrt}, 7);
}

class GpuClusters : public Gpu {};

TEST_F(GpuClusters, SumInOrder) {
  if (!probes::has_clusters(2)) GTEST_SKIP() << "the card has no clusters, or no code here that uses them";
  for (const int cluster_blocks : {1, 2, 7, 8, 16}) {
    if (!probes::has_clusters(cluster_blocks)) continue;  // of 16 only some cards
    SCOPED_TRACE(cluster_blocks);
    const std::vector<float> values = probes::values_to_sum(3 * cluster_blocks);
    const std::vector<float> wanted = probes::sums_in_order(values, cluster_blocks);
    const probes::ClusterSums sums = probes::cluster_sums(values, cluster_blocks);
    EXPECT_EQ(sums.read, wanted);
    EXPECT_EQ(sums.written, wanted);
  }
}

class GpuPeaks : public Gpu {};

TEST_F(GpuPeaks, AreThoseOfAGpu) {
  const double peak = probes::fma_peak(0.05);
  EXPECT_GT(peak, 1e11);
  EXPECT_LT(peak, 1e15);
  for (const int blocks : {2, probes::largest_team()}) {
    const double barrier = probes::barrier(blocks);
    EXPECT_GT(barrier, 1e-7) << blocks;
    EXPECT_LT(barrier, 1e-4) << blocks;
  }
}

}  // namespace
}  // namespace ppo::test
