#include "engine/cuda/cuda_engine.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "engine/cuda/clusters.hpp"
#include "engine/environment.hpp"
#include "engine/ranks/ranks.hpp"
#include "kernels/variants.hpp"
#include "ppo/hash.hpp"
#include "terminal/messages.hpp"

namespace ppo {
namespace cuda {
namespace {

/// What a stop signal may have to wait for, times the launches queued [s].
constexpr double kLaunchSeconds = 0.01;

/// So that the rows of a launch take some MB at most, whatever the number of agents.
constexpr std::int64_t kMostRows = 65536;
constexpr std::int64_t kMostUpdates = 4096;

std::int64_t rows_limit(std::int64_t num_agents, std::int64_t asked) {
  const std::int64_t most = std::clamp<std::int64_t>(kMostRows / num_agents, 1, kMostUpdates);
  return asked > 0 ? std::min(asked, most) : most;
}

Grid grid_for(const CudaDevice& device, const CudaLoops& loops, const Population& population, int asked,
              const RankExchange* exchange) {
  const int ranks = exchange != nullptr ? exchange->ranks() : 1;
  const std::int64_t at_once = exchange != nullptr ? 1 : population.count();
  return choose_grid(at_once, device.resident_blocks, loops.most_blocks(population.sizes, ranks), asked);
}

EngineInfo info_for(const CudaDevice& device, const Grid& grid) {
  EngineInfo info{.device = "cuda:" + std::to_string(device.index)};
  info.gpu = device.name;
  info.card = device.uuid;
  info.num_teams = grid.num_teams;
  info.blocks_per_agent = grid.blocks_per_agent;
  return info;
}

}  // namespace

CudaEngine::CudaEngine(const CudaDevice& device, const Config& config, Population population,
                       Instruments instruments, std::unique_ptr<RankExchange> exchange)
    : device_(device.index),
      environment_(*find_environment(config.env)),
      loops_(*environment_.cuda->find(population.sizes.hidden_size)),
      population_(std::move(population)),
      exchange_(std::move(exchange)),
      grid_(grid_for(device, loops_, population_, config.run.blocks_per_agent, exchange_.get())),
      info_(info_for(device, grid_)),
      chooses_batch_(config.run.updates_per_launch == 0),
      capacity_(rows_limit(population_.count(), config.run.updates_per_launch)),
      agents_(loops_, population_, grid_),
      counters_(allocate_device(static_cast<std::size_t>(grid_.num_teams), sizeof(TeamCounter))),
      params_(static_cast<std::size_t>(environment_.info().layout(population_.sizes.hidden_size).size())) {
  info_.updates_per_launch = chooses_batch_ ? 1 : capacity_;
  allocate_instruments(instruments);
  if (exchange_) join_ranks();
  stream_ = exchange_ ? make_lone_stream() : make_stream();
  graphs_.reserve(kDepth);
  for (int i = 0; i < depth(); ++i) {
    graphs_.emplace_back(loops_, describe_launch(instruments), capacity_);
  }
}

CudaEngine::~CudaEngine() {
  static_cast<void>(handled(cudaSetDevice(device_)));
  if (stream_ != nullptr) static_cast<void>(handled(cudaStreamSynchronize(stream_.get())));
}

void CudaEngine::enter() const {
  check(cudaSetDevice(device_), "cudaSetDevice");
}

void CudaEngine::allocate_instruments(Instruments instruments) {
  if (instruments.trace) {
    const std::vector<std::uint64_t> empty(population_.agents.size(), kFnvOffset);
    traces_ = allocate_device(empty.size(), sizeof(std::uint64_t));
    check(
        cudaMemcpy(traces_.get(), empty.data(), empty.size() * sizeof(std::uint64_t), cudaMemcpyHostToDevice),
        "cudaMemcpy");
  }
  if (instruments.profile) {
    const auto blocks = static_cast<std::size_t>(grid_.num_teams * grid_.blocks_per_agent);
    cycles_ = allocate_device(blocks, sizeof(StageCycles));
    check(cudaMemset(cycles_.get(), 0, blocks * sizeof(StageCycles)), "cudaMemset");
  }
}

void CudaEngine::join_ranks() {
  mailbox_ = allocate_pinned(sizeof(Mailbox));
  packed_ = allocate_pinned(packed_bytes(loops_, population_.sizes, exchange_->ranks()));
  link_ = {.rank = exchange_->rank(),
           .ranks = exchange_->ranks(),
           .mailbox = new (mailbox_.get()) Mailbox{},
           .packed = packed_.get()};
  service_.emplace(*exchange_, link_);
}

Launch CudaEngine::describe_launch(Instruments instruments) const {
  return {.sizes = population_.sizes,
          .agents = agents_.headers(),
          .training = agents_.training(),
          .num_agents = population_.count(),
          .num_teams = grid_.num_teams,
          .blocks_per_agent = grid_.blocks_per_agent,
          .cluster_blocks = exchange_ || (instruments.variants & kWithoutClusters) != 0
                                ? 1
                                : choose_clusters(loops_, population_.sizes, grid_),
          .updates = 0,
          .rows = nullptr,
          .counters = reinterpret_cast<TeamCounter*>(counters_.get()),
          .traces = reinterpret_cast<std::uint64_t*>(traces_.get()),
          .cycles = reinterpret_cast<StageCycles*>(cycles_.get()),
          .patience = instruments.patience,
          .variants = instruments.variants,
          .link = link_};
}

void CudaEngine::start(std::int64_t updates) {
  if (exchange_) {
    queued_ = updates;
    return;
  }
  enter();
  graphs_[static_cast<std::size_t>(started_ % depth())].start(stream_.get(), updates);
  ++started_;
}

void CudaEngine::run_with_ranks(TrainingGraph& graph) {
  try {
    enter();
    check(cudaStreamSynchronize(nullptr), "cudaStreamSynchronize");  // copies to the device
    service_->begin();
    graph.start(stream_.get(), queued_);
    service_->serve_until([&] { return graph.has_ended(); });
  } catch (const Failure& failure) {  // the others wait for it
    end_process(own_rank_name() + ": " + failure.what());
  }
}

std::span<const UpdateRow> CudaEngine::collect() {
  enter();
  TrainingGraph& graph = graphs_[static_cast<std::size_t>(collected_ % depth())];
  if (exchange_) run_with_ranks(graph);
  const std::span<const UpdateRow> rows = graph.wait();
  rows_.assign(rows.begin(), rows.end());  // the graph's own are overwritten by the launch after the next
  ++collected_;
  const double seconds = graph.seconds();
  device_s_ += seconds;
  choose_batch(seconds / static_cast<double>(graph.updates()));
  return rows_;
}

void CudaEngine::choose_batch(double seconds_per_update) {
  // The first launch may include what a device does only once.
  if (!chooses_batch_ || collected_ != 2) return;
  const double fit = kLaunchSeconds / std::max(seconds_per_update, 1e-9);
  info_.updates_per_launch = std::clamp(static_cast<std::int64_t>(fit), std::int64_t{1}, capacity_);
}

std::span<const float> CudaEngine::params(std::int64_t k) const {
  enter();
  agents_.copy_params(static_cast<std::size_t>(k), params_);
  return params_;
}

std::uint64_t CudaEngine::trace_hash(std::int64_t k) const {
  if (traces_ == nullptr) return 0;
  enter();
  std::uint64_t hash = 0;
  check(cudaMemcpy(&hash, traces_.get() + static_cast<std::size_t>(k) * sizeof hash, sizeof hash,
                   cudaMemcpyDeviceToHost),
        "cudaMemcpy");
  return hash;
}

AgentState CudaEngine::save(std::int64_t k) const {
  enter();
  AgentState state(environment_.info(), population_.sizes);
  agents_.save(static_cast<std::size_t>(k), state);
  state.trace = trace_hash(k);
  return state;
}

void CudaEngine::load(std::int64_t k, const AgentState& state) {
  enter();
  agents_.load(static_cast<std::size_t>(k), state);
  population_.agents[static_cast<std::size_t>(k)].seed = state.seed;
  if (traces_ == nullptr) return;
  check(cudaMemcpy(traces_.get() + static_cast<std::size_t>(k) * sizeof state.trace, &state.trace,
                   sizeof state.trace, cudaMemcpyHostToDevice),
        "cudaMemcpy");
}

void CudaEngine::tune(std::int64_t k, const Tuning& tuning) {
  enter();
  agents_.tune(static_cast<std::size_t>(k), tuning);
  population_.agents[static_cast<std::size_t>(k)] = tuning;
}

void CudaEngine::retire(std::int64_t k) {
  enter();
  agents_.retire(static_cast<std::size_t>(k));
  for (TrainingGraph& graph : graphs_) graph.clear_rows();
}

Profile CudaEngine::profile() const {
  Profile mean{};
  if (cycles_ == nullptr) return mean;
  enter();
  std::vector<StageCycles> blocks(static_cast<std::size_t>(grid_.num_teams * grid_.blocks_per_agent));
  check(cudaMemcpy(blocks.data(), cycles_.get(), blocks.size() * sizeof(StageCycles), cudaMemcpyDeviceToHost),
        "cudaMemcpy");
  double longest = 0;  // what the busiest block has counted is what the device took
  for (const StageCycles& block : blocks) {
    double total = 0;
    for (std::size_t stage = 0; stage < mean.size(); ++stage) {
      const auto work = static_cast<double>(block.work[stage]);
      const auto wait = static_cast<double>(block.wait[stage]);
      mean[stage].work += work;
      mean[stage].wait += wait;
      total += work + wait;
    }
    longest = std::max(longest, total);
  }
  const double scale = longest > 0 ? device_s_ / longest / static_cast<double>(blocks.size()) : 0;
  for (StageTime& time : mean) {
    time.work *= scale;
    time.wait *= scale;
  }
  return mean;
}

}  // namespace cuda

std::unique_ptr<Engine> make_cuda_engine(const Config& config, const Population& population,
                                         Instruments instruments, std::unique_ptr<RankExchange> exchange) {
  const CudaDevice device = cuda::choose_device(config.run.device, *find_environment(config.env)->cuda,
                                                population.sizes.hidden_size);
  return std::make_unique<cuda::CudaEngine>(device, config, population, instruments, std::move(exchange));
}

}  // namespace ppo
