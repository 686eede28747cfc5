// The host's side of a launch: setting up the machine and taking it down.
#include <algorithm>
#include <cstdio>
#include <cstring>

#include "simt/execution.hpp"

namespace ppo::simt {
namespace {

/// Behind a block's shared memory, to see who writes there. AddressSanitizer sees it at once, and reads too.
#ifdef SIMT_ADDRESS_SANITIZER
constexpr std::size_t kFenceBytes = 0;
#else
constexpr std::size_t kFenceBytes = 256;
#endif

constexpr std::byte kPoison{0xff};

void check(const GridShape& shape, const Schedule& schedule) {
  if (Execution::current() != nullptr) throw SimtError("simt: a launch inside a kernel");
  if (shape.blocks < 1 || shape.threads < 1 || shape.threads > kMaxBlockThreads ||
      shape.threads % kWarpThreads != 0) {
    throw SimtError("simt: a grid of " + std::to_string(shape.blocks) + " blocks of " +
                    std::to_string(shape.threads) + " threads: these must be a multiple of 32, up to 1024");
  }
  if (shape.cluster_blocks < 1 || shape.cluster_blocks > kMaxClusterBlocks ||
      shape.blocks % shape.cluster_blocks != 0) {
    throw SimtError("simt: a grid of " + std::to_string(shape.blocks) + " blocks in clusters of " +
                    std::to_string(shape.cluster_blocks) + ": these must divide it, and be of 1 to " +
                    std::to_string(kMaxClusterBlocks));
  }
  const int candidates =
      schedule.starve == Starve::kWarp ? shape.blocks * (shape.threads / kWarpThreads) : shape.blocks;
  if (schedule.starved >= candidates || schedule.starved < -1 || schedule.stay < 1) {
    throw SimtError("simt: a schedule that starves number " + std::to_string(schedule.starved) + " of " +
                    std::to_string(candidates) + " and stays for " + std::to_string(schedule.stay) +
                    " picks");
  }
}

}  // namespace

const char* to_string(Call call) {
  constexpr const char* kNames[] = {"sync_block",      "sync_group",     "sync_warp", "sync_cluster",
                                    "arrive_cluster",  "wait_cluster",   "shuffle",   "shuffle_xor",
                                    "load_from_block", "store_to_block", "arrive",    "look",
                                    "pause",           "tell_host",      "hear_host"};
  return kNames[static_cast<int>(call)];
}

Execution::Execution(const GridShape& shape, const Schedule& schedule, const std::function<void()>& kernel)
    : shape_(shape),
      schedule_(schedule),
      kernel_(kernel),
      threads_(static_cast<std::size_t>(shape.blocks) * static_cast<std::size_t>(shape.threads)),
      warps_(threads_.size() / kWarpThreads),
      blocks_(static_cast<std::size_t>(shape.blocks)),
      clusters_(static_cast<std::size_t>(shape.blocks / shape.cluster_blocks)),
      picker_(warps_, shape.threads / kWarpThreads, schedule_),
      first_warp_(warps_.data()),
      num_live_(static_cast<int>(threads_.size())) {}

void Execution::prepare() {
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    Block& block = blocks_[b];
    block.index = static_cast<int>(b);
    block.num_threads = shape_.threads;
    block.threads = &threads_[b * static_cast<std::size_t>(shape_.threads)];
    block.warps = &warps_[b * static_cast<std::size_t>(shape_.threads / kWarpThreads)];
    const std::size_t bytes = shape_.shared_bytes + kFenceBytes;
    shared_.emplace_back(static_cast<std::byte*>(::operator new (bytes, std::align_val_t{16})));
    block.shared = shared_.back().get();
    std::fill_n(block.shared, bytes, kPoison);
  }
  for (std::size_t c = 0; c < clusters_.size(); ++c) {
    Cluster& cluster = clusters_[c];
    cluster.num_blocks = shape_.cluster_blocks;
    cluster.num_threads = shape_.cluster_blocks * shape_.threads;
    cluster.blocks = &blocks_[c * static_cast<std::size_t>(shape_.cluster_blocks)];
    cluster.threads = cluster.blocks->threads;
    cluster.warps = cluster.blocks->warps;
    for (int b = 0; b < cluster.num_blocks; ++b) cluster.blocks[b].cluster = &cluster;
  }
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    Thread& thread = threads_[i];
    thread.block = &blocks_[i / static_cast<std::size_t>(shape_.threads)];
    thread.warp = &warps_[i / kWarpThreads];
    thread.index = static_cast<int>(i) % shape_.threads;
    thread.lane = thread.index % kWarpThreads;
    if (thread.lane == 0) thread.warp->threads = &thread;
    thread.context = &fibers().at(i).context;
    char name[48];
    std::snprintf(name, sizeof(name), "block %d thread %d", thread.block->index, thread.index);
    name_tsan_fiber(thread.context->tsan_fiber, name);
  }
}

void Execution::run() {
  prepare();
  host_.tsan_fiber = current_tsan_fiber();
  release(&start_key_);
  running_ = picker_.pick();
  switch_context(host_, *running_->context);
  if (failure_.kind != Failure::Kind::kNone) abandon();
  acquire(&end_key_);
  if (failure_.kind == Failure::Kind::kNone) check_shared();
}

/// Fibers in the middle of the kernel never go on. All they did comes before what the host does next.
void Execution::abandon() {
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    if (!threads_[i].started || threads_[i].state == State::kEnded) continue;
    switch_tsan_fiber(threads_[i].context->tsan_fiber);
    release(&end_key_);
    switch_tsan_fiber(host_.tsan_fiber);
    threads_[i].context = nullptr;
    fibers().drop(i);
  }
}

void Execution::check_shared() {
  for (const Block& block : blocks_) {
    const std::byte* fence = block.shared + shape_.shared_bytes;
    if (std::all_of(fence, fence + kFenceBytes, [](std::byte byte) { return byte == kPoison; })) continue;
    failure_ = {.kind = Failure::Kind::kSharedOverrun, .thread = block.threads};
  }
}

LaunchRecord Execution::record() const {
  LaunchRecord record;
  for (int i = 0; i < sites_.size(); ++i) {
    record.sites.push_back({sites_[i].file, sites_[i].line, sites_[i].call, sites_[i].calls});
  }
  record.switches = switches_;
  return record;
}

FiberPool& Execution::fibers() {
  thread_local FiberPool pool(&run_thread);
  return pool;
}

LaunchRecord launch(const GridShape& shape, const Schedule& schedule, const std::function<void()>& kernel) {
  check(shape, schedule);
  const auto execution = std::make_unique<Execution>(shape, schedule, kernel);
  struct Guard {
    explicit Guard(Execution* now) { Execution::current() = now; }
    ~Guard() { Execution::current() = nullptr; }
  } guard(execution.get());
  execution->run();
  execution->rethrow();
  return execution->record();
}

}  // namespace ppo::simt
