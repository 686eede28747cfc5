// Launches in clusters: what a card takes and refuses, and that their blocks reach each other.
#include "engine/cuda/clusters.hpp"
#include "cuda/stand_in_runs.hpp"
#include "engine/cuda/device.hpp"
#include "engine/cuda/training_graph.hpp"
#include "kernels/device.hpp"
#include "kernels/variants.hpp"

namespace ppo::test {
namespace {

/// Every block's row gets the sum of its cluster's block numbers, and its rank.
PPO_KERNEL(kBlockThreads) sum_block_numbers(PPO_LAUNCH_ARGUMENT Launch launch) {
  auto* const mine = reinterpret_cast<float*>(device::shared_memory());
  const int block = device::block_index();
  if (device::thread_index() == 0) *mine = static_cast<float>(block);
  device::sync_cluster();
  if (device::thread_index() == 0) {
    UpdateRow row;
    for (int rank = 0; rank < launch.cluster_blocks; ++rank) row.lr += device::load_from_block(mine, rank);
    row.epochs = device::cluster_rank();
    for (std::int64_t u = 0; u < launch.updates; ++u) launch.rows[u * launch.num_agents + block] = row;
  }
  device::sync_cluster();
}

class CudaClusters : public OnStandIn {
 protected:
  static CudaLoops loops() {
    CudaLoops own{};
    own.kernel = reinterpret_cast<const void*>(&sum_block_numbers);
    own.shared_bytes = sizeof(float);
    return own;
  }

  /// Runs launches of two sizes; each block writes a row.
  static void run(int blocks, int cluster_blocks) {
    const CudaLoops own = loops();
    const cuda::DeviceMemory counters = cuda::allocate_device(1, sizeof(TeamCounter));
    Launch launch{};
    launch.num_agents = blocks;
    launch.num_teams = 1;
    launch.blocks_per_agent = blocks;
    launch.cluster_blocks = cluster_blocks;
    launch.counters = reinterpret_cast<TeamCounter*>(counters.get());
    cuda::TrainingGraph graph(own, launch, 2);
    const cuda::Stream stream = cuda::make_stream();
    for (const std::int64_t updates : {2, 1}) {
      graph.start(stream.get(), updates);
      const std::span<const UpdateRow> rows = graph.wait();
      ASSERT_EQ(rows.size(), static_cast<std::size_t>(updates * blocks));
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const int block = static_cast<int>(i) % blocks;
        const int first = block / cluster_blocks * cluster_blocks;
        EXPECT_EQ(rows[i].lr, static_cast<float>(cluster_blocks * (2 * first + cluster_blocks - 1)) / 2);
        EXPECT_EQ(rows[i].epochs, block - first);
      }
    }
  }

  static void expect_refusal(int blocks, int cluster_blocks, const char* error) {
    try {
      run(blocks, cluster_blocks);
      ADD_FAILURE() << blocks << " blocks in clusters of " << cluster_blocks << " are taken";
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.exit_code, kRunFailed);
      EXPECT_TRUE(contains(failure.what(), "cudaGraphInstantiate")) << failure.what();
      EXPECT_TRUE(contains(failure.what(), error)) << failure.what();
    }
  }
};

/// 132 multiprocessors in parts of 18, the last of 6: an eighth of a part's is left over in clusters of 16.
const stand_in::Machine kLarge{.multiprocessors = 132, .multiprocessors_of_part = 18};

TEST_F(CudaClusters, SumOverTheirBlocks) {
  stand_in::install(kLarge);
  for (const int cluster_blocks : {1, 2, 8, 16}) run(48, cluster_blocks);
  run(112, 16);
}

TEST_F(CudaClusters, AreCountedAsTheyFit) {
  stand_in::install(kLarge);
  EXPECT_EQ(cuda::resident_in_clusters(loops(), 1), 132);
  EXPECT_EQ(cuda::resident_in_clusters(loops(), 8), 7 * 16);
  EXPECT_EQ(cuda::resident_in_clusters(loops(), 16), 7 * 16);
  EXPECT_EQ(cuda::resident_in_clusters(loops(), 17), 0);
  stand_in::install({.multiprocessors = 132, .multiprocessors_of_part = 12});
  EXPECT_EQ(cuda::resident_in_clusters(loops(), 8), 11 * 8);
  EXPECT_EQ(cuda::resident_in_clusters(loops(), 16), 0);
  EXPECT_EQ(cuda_facts().devices.at(0).resident_in_clusters, (std::map<int, int>{{8, 11 * 8}, {16, 0}}));
}

TEST_F(CudaClusters, AreNotWhereTheCodeKnowsNone) {
  stand_in::install({.major = 8, .minor = 6, .ptx_version = 86});
  EXPECT_EQ(cuda::resident_in_clusters(loops(), 2), 0);
  expect_refusal(4, 2, "cudaErrorInvalidClusterSize");
  stand_in::install({.ptx_version = 75});  // a card that has them runs code of one that has none
  EXPECT_EQ(cuda::resident_in_clusters(loops(), 2), 0);
}

TEST_F(CudaClusters, AreRefusedAsOnACard) {
  stand_in::install(kLarge);
  expect_refusal(9, 2, "cudaErrorInvalidClusterSize");
  expect_refusal(34, 17, "cudaErrorInvalidClusterSize");
  expect_refusal(120, 8, "cudaErrorCooperativeLaunchTooLarge");
  expect_refusal(133, 1, "cudaErrorCooperativeLaunchTooLarge");
}

TEST_F(CudaClusters, OfMoreThanEightBlocksAreForThoseWhoAsk) {
  stand_in::install(kLarge);
  const CudaLoops own = loops();
  cudaLaunchAttribute dimension{};
  dimension.id = cudaLaunchAttributeClusterDimension;
  dimension.val = cuda::cluster_dimension(16);
  cudaLaunchConfig_t config{};
  config.gridDim = dim3(16);
  config.attrs = &dimension;
  config.numAttrs = 1;
  int clusters = 0;
  EXPECT_EQ(cuda::handled(cudaOccupancyMaxActiveClusters(&clusters, own.kernel, &config)),
            cudaErrorInvalidClusterSize);
  cuda::allow_clusters(own, 8);
  EXPECT_EQ(cuda::handled(cudaOccupancyMaxActiveClusters(&clusters, own.kernel, &config)),
            cudaErrorInvalidClusterSize);
  cuda::allow_clusters(own, 16);
  EXPECT_EQ(cudaOccupancyMaxActiveClusters(&clusters, own.kernel, &config), cudaSuccess);
  EXPECT_EQ(clusters, 7);
}

/// Minibatches of 16 leaves, a block each; the blocks of a cluster in the launch that has run.
int clusters_of_run(const stand_in::Machine& machine, int blocks_per_agent = 0, std::uint32_t variants = 0) {
  constexpr std::int64_t kUpdates = 2;
  stand_in::install(machine);
  Config config = short_run();
  config.hyper.num_envs = 25;
  config.hyper.num_steps = 20;
  config.hyper.total_timesteps = kUpdates * batch_size(config.hyper);
  config.run.blocks_per_agent = blocks_per_agent;
  const auto engine = make_engine(config, {.trace = true, .variants = variants});
  testing::expect_same(expected(config, kUpdates)[0], testing::run(*engine, 1, kUpdates, 1)[0]);
  return stand_in::launched_cluster_blocks();
}

const stand_in::Machine kTwoParts{.multiprocessors = 16, .multiprocessors_of_part = 8};

TEST_F(CudaClusters, TrainAnAgentThatHasABlockALeaf) {
  EXPECT_EQ(clusters_of_run(kTwoParts), kClusterBlocks);
  EXPECT_EQ(clusters_of_run(kTwoParts, 8), 1);
  EXPECT_EQ(clusters_of_run(kTwoParts, 0, kWithoutClusters), 1);
}

TEST_F(CudaClusters, TrainNobodyOnACardThatDoesNotHoldThem) {
  stand_in::Machine older = kTwoParts, scattered = kTwoParts, narrow = kTwoParts;
  older.major = 8;
  older.ptx_version = 80;
  EXPECT_EQ(clusters_of_run(older), 1);
  scattered.multiprocessors_of_part = 12;  // one cluster in the first part, none in the second
  EXPECT_EQ(clusters_of_run(scattered), 1);
  narrow.shared_bytes = 99 << 10;
  EXPECT_EQ(clusters_of_run(narrow), 1);
}

TEST_F(CudaClusters, ThatCannotBeCountedAreLeftOutOfWhatInfoSays) {
  stand_in::install(kLarge);
  stand_in::fail({.function = "cudaOccupancyMaxActiveClusters"});
  const CudaFacts facts = cuda_facts();
  EXPECT_EQ(facts.devices.at(0).problem, "");
  EXPECT_TRUE(facts.devices.at(0).resident_in_clusters.empty());
}

TEST_F(CudaClusters, ThatCannotBeCountedAreAFailure) {
  stand_in::install(kLarge);
  stand_in::fail({.function = "cudaOccupancyMaxActiveClusters"});
  EXPECT_THROW(cuda::resident_in_clusters(loops(), 8), Failure);
  for (const int nth : {1, 2}) {  // the number of blocks, their shared memory
    stand_in::install(kLarge);
    stand_in::fail({.function = "cudaFuncSetAttribute", .nth = nth});
    EXPECT_THROW(cuda::resident_in_clusters(loops(), 16), Failure);
  }
}

}  // namespace
}  // namespace ppo::test
