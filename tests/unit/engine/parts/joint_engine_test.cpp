// Engines that train agents together leave what one engine leaves, to the bit.
#include "engine/parts/joint_engine.hpp"

#include <gtest/gtest.h>

#include "engine/parts/served_engine.hpp"
#include "simt/small_environments.hpp"
#include "thread_channel.hpp"
#include "thread_exchange.hpp"
#include "unit/engine/mixed_population.hpp"

namespace ppo {
namespace {

using testing::Lifetimes;
using testing::MeetingPlace;
using testing::ThreadExchange;

constexpr std::int64_t kUpdates = 4;
const Lifetimes kSomeAreDone = {2, kUpdates, 0, kUpdates, 3};

/// 37 environments are two whole chunks and a part of one; minibatches of 185 samples a whole group and a
/// part.
constexpr Sizes kSizes{.total_timesteps = kUpdates * 37 * 15,
                       .num_envs = 37,
                       .num_steps = 15,
                       .num_minibatches = 3,
                       .max_episode_steps = 9,
                       .hidden_size = 32};

/// Ranks that are threads.
class Joint {
 public:
  Joint(const EnvironmentLoops& loops, const Population& population, int ranks, int threads)
      : loops_(loops), threads_(threads), place_(ranks) {
    const EngineOrder order{.env = std::string(loops.info.name), .run = {}, .population = population};
    std::vector<std::unique_ptr<Engine>> engines;
    engines.push_back(engine_of(order, 0));
    for (int rank = 1; rank < ranks; ++rank) {
      const auto make = [this, rank](const EngineOrder& asked) { return engine_of(asked, rank); };
      auto served = std::make_unique<ServedEngine>(std::make_unique<ThreadChannel>(make), order);
      served->wait_until_made();
      engines.push_back(std::move(served));
    }
    engine_ = std::make_unique<JointEngine>(std::move(engines));
  }

  Engine& operator*() { return *engine_; }
  Engine* operator->() { return engine_.get(); }

 private:
  std::unique_ptr<Engine> engine_of(const EngineOrder& order, int rank) {
    return std::make_unique<CpuEngine>(loops_, order.population, EngineInfo{"cpu", "test", threads_},
                                       Instruments{.trace = true},
                                       std::make_unique<ThreadExchange>(place_, rank));
  }

  const EnvironmentLoops& loops_;
  const int threads_;
  MeetingPlace place_;
  std::unique_ptr<Engine> engine_;
};

class JointEngines : public ::testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Ranks, JointEngines, ::testing::Values(2, 3, 5));

TEST_P(JointEngines, AreOneEngine) {
  for (const char* name : {"cartpole", "pendulum"}) {
    const Environment& environment = *find_environment(name);
    const Population population = testing::mixed_population(kSizes);
    const auto wanted =
        testing::trained_alone(choose_level(environment).loops, population, kSomeAreDone, kUpdates);
    for (const EnvironmentLoops* loops : {environment.portable, &choose_level(environment).loops}) {
      for (const int threads : {1, 2}) {
        SCOPED_TRACE(::testing::Message() << name << ", " << threads << " threads");
        Joint joint(*loops, population, GetParam(), threads);
        testing::expect_same(wanted, testing::trained_by(*joint, kSomeAreDone, kUpdates, 3));
      }
    }
  }
}

// More ranks than there are environments, chunks, groups.
TEST_P(JointEngines, MayHaveNothingToDo) {
  Sizes sizes = kSizes;
  sizes.num_envs = 2;
  sizes.num_minibatches = 1;
  const Population population = testing::mixed_population(sizes);
  const Lifetimes all(5, kUpdates);
  const Environment& environment = *find_environment("cartpole");
  Joint joint(choose_level(environment).loops, population, GetParam(), 1);
  testing::expect_same(testing::trained_alone(choose_level(environment).loops, population, all, kUpdates),
                       testing::trained_by(*joint, all, kUpdates, 1));
}

TEST_P(JointEngines, GoOnFromTheStateOfOne) {
  const Environment& environment = *find_environment("cartpole");
  const Population before = testing::mixed_population(kSizes);
  const Population after = testing::retuned(before);
  Joint tuned(choose_level(environment).loops, before, GetParam(), 1);
  testing::expect_same(testing::trained_anew(choose_level(environment).loops, before, after, 1, kUpdates),
                       testing::trained_and_tuned(*tuned, after, 1, kUpdates));
  CpuEngine whole(*environment.portable, before, EngineInfo{"cpu", "test", 1}, {.trace = true});
  whole.run(2);
  Joint joint(choose_level(environment).loops, before, GetParam(), 1);
  for (std::int64_t k = 0; k < before.count(); ++k) joint->load(k, whole.save(k));
  joint->run(1);
  whole.run(1);
  for (std::int64_t k = 0; k < before.count(); ++k) testing::expect_same(whole.save(k), joint->save(k));
}

// All of them find out, though one of them has seen it.
TEST_P(JointEngines, LearnNothingFromWhatIsNotANumber) {
  using testing::Faulty;
  const Hyper hyper{{.total_timesteps = 400, .num_envs = 20, .num_steps = 5, .num_minibatches = 2},
                    {.seed = 3}};
  const EnvironmentLoops& loops = testing::kLoops<Faulty>;
  CpuEngine whole = testing::make_engine<Faulty>(hyper);
  EngineOrder order{.env = "cartpole", .run = {}, .population = population_of(hyper, 1)};
  MeetingPlace place(GetParam());
  const auto engine_of = [&](int rank) {
    return CpuEngine(loops, order.population, EngineInfo{"cpu", "test", 1}, {.trace = true},
                     std::make_unique<ThreadExchange>(place, rank));
  };
  std::vector<std::jthread> others;
  for (int rank = 1; rank < GetParam(); ++rank) {
    others.emplace_back([&, rank] { engine_of(rank).run(1); });
  }
  CpuEngine joint = engine_of(0);
  const std::span<const UpdateRow> rows = joint.run(1);
  const std::span<const UpdateRow> wanted = whole.run(1);
  ASSERT_EQ(wanted[0].fault.any, 1);
  EXPECT_EQ(std::memcmp(&wanted[0], &rows[0], sizeof wanted[0]), 0);
  testing::expect_same(whole.save(0), joint.save(0));
}

TEST(DealtArray, IsDealtAsWorkersShare) {
  for (int ranks = 1; ranks <= 5; ++ranks) {
    for (const std::int64_t items : {0, 1, 15, 16, 17, 80, 95}) {
      for (const std::int64_t unit : {1, 16}) {
        const DealtArray array{.items = items, .unit = unit};
        for (int rank = 0; rank < ranks; ++rank) {
          const Share share = Worker{.rank = rank, .ranks = ranks}.share((items + unit - 1) / unit);
          EXPECT_EQ(array.begin(rank, ranks), std::min(share.begin * unit, items));
        }
        EXPECT_EQ(array.begin(ranks, ranks), items);
      }
    }
  }
}

}  // namespace
}  // namespace ppo
