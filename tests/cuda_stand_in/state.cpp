#include "cuda_stand_in/state.hpp"

#include <algorithm>

#include "simt/grid.hpp"
#include "system/pci.hpp"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(first, bytes) (static_cast<void>(first), static_cast<void>(bytes))
#define ASAN_UNPOISON_MEMORY_REGION(first, bytes) (static_cast<void>(first), static_cast<void>(bytes))
#endif

namespace ppo::stand_in {

State& state() {
  static State the;
  return the;
}

std::recursive_mutex& State::Lock::mutex() {
  static std::recursive_mutex the;
  return the;
}

void install(const Machine& machine) {
  state() = State{};
  state().latest_error = cudaSuccess;
  state().device = 0;
  state().machine = machine;
}

void fail(const Failing& failing) {
  state().failing = failing;
}

std::map<std::string, int> calls() {
  return state().calls;
}

std::string misuse() {
  State& the = state();
  if (the.latest_error != cudaSuccess) {
    the.complain(std::string("an error left behind, ") + cudaGetErrorName(the.latest_error));
    the.latest_error = cudaSuccess;
  }
  return the.misuse;
}

int queued_launches() {
  return state().queued_launches;
}

std::uint32_t launched_variants() {
  return state().launched_variants;
}

int launched_cluster_blocks() {
  return state().launched_cluster_blocks;
}

std::uint64_t least_patience() {
  return state().least_patience;
}

std::size_t copied_bytes() {
  return state().copied_bytes;
}

std::string leaks() {
  std::string text;
  const auto add = [&](std::size_t count, const char* what) {
    if (count > 0) text += (text.empty() ? "" : ", ") + std::to_string(count) + " x " + what;
  };
  add(state().device_memory.size(), "device memory");
  add(state().pinned.size(), "pinned memory");
  add(state().streams.size(), "stream");
  add(state().events.size(), "event");
  add(state().graphs.size(), "graph");
  add(state().execs.size(), "executable graph");
  return text;
}

cudaError_t State::enter(const char* function) {
  const int count = ++calls[function];
  if (broken != cudaSuccess) return broken;
  if (failing.function != function || failing.nth != count) return cudaSuccess;
  if (failing.for_good) return broken = failing.error;
  return refuse(failing.error);
}

unsigned State::resident_in_clusters(unsigned cluster_blocks) const {
  const unsigned most = large_clusters.count(device) > 0 ? 16 : 8;
  if (machine.major < 9 || cluster_blocks < 1 || cluster_blocks > most) return 0;
  unsigned blocks = 0;
  for (int left = machine.multiprocessors; left > 0; left -= machine.multiprocessors_of_part) {
    const int part = std::min(left, machine.multiprocessors_of_part);
    blocks +=
        static_cast<unsigned>(part * machine.blocks_per_multiprocessor) / cluster_blocks * cluster_blocks;
  }
  return blocks;
}

void State::run_queue(const std::function<bool()>& done) {
  while (!queue.empty() && !done()) {
    const std::function<void()> next = std::move(queue.front());
    queue.pop_front();
    next();
  }
}

bool State::on_device(const void* first, std::size_t bytes) const {
  auto* address = static_cast<std::byte*>(const_cast<void*>(first));
  auto after = device_memory.upper_bound(address);
  if (after == device_memory.begin()) return false;
  --after;
  return address + bytes <= after->first + after->second;
}

bool State::touches_device(const void* first, std::size_t bytes) const {
  const auto* address = static_cast<const std::byte*>(first);
  for (const auto& [memory, size] : device_memory) {
    if (address < memory + size && memory < address + bytes) return true;
  }
  return false;
}

State::Open::Open(State& state) : state_(state) {
  const Lock lock;
  ++state_.open_;
  for (const auto& [memory, size] : state_.device_memory) ASAN_UNPOISON_MEMORY_REGION(memory, size);
}

State::Open::~Open() {
  const Lock lock;
  if (--state_.open_ > 0) return;
  for (const auto& [memory, size] : state_.device_memory) ASAN_POISON_MEMORY_REGION(memory, size);
}

void State::run_node(const CUgraphNode_st& node) {
  const Open open(*this);
  if (node.kind == CUgraphNode_st::kKernel) return run_kernel(node);
  const Lock lock;
  if (node.kind == CUgraphNode_st::kMemset) {
    std::memset(node.memset.dst, static_cast<int>(node.memset.value),
                node.memset.width * node.memset.elementSize);
  } else {
    std::memcpy(node.to, node.from, node.bytes);
    copied_bytes = node.bytes;
  }
}

void State::run_kernel(const CUgraphNode_st& node) {
  const simt::GridShape shape{.blocks = static_cast<int>(node.blocks),
                              .cluster_blocks = static_cast<int>(node.cluster_blocks),
                              .threads = static_cast<int>(node.threads),
                              .shared_bytes = node.shared_bytes};
  simt::launch(shape, {.seed = launches}, [&] { node.kernel(node.argument); });
  const Lock lock;
  clock_ms +=
      launches < machine.first_launches_ms.size()
          ? static_cast<double>(machine.first_launches_ms[launches])
          : static_cast<double>(machine.milliseconds_per_update) * static_cast<double>(node.argument.updates);
  launched_variants = node.argument.variants;
  launched_cluster_blocks = shape.cluster_blocks;
  least_patience = std::min(least_patience, node.argument.patience);
  ++launches;
  --queued_launches;
}

}  // namespace ppo::stand_in

void CUstream_st::start() {
  using ppo::stand_in::State;
  if (is_running || queue.empty()) return;
  if (runner.joinable()) runner.join();  // it has ended
  is_running = true;
  runner = std::thread([this] {
    for (;;) {
      std::function<void()> next;
      {
        const State::Lock lock;
        is_running = !queue.empty();
        if (!is_running) return;
        next = std::move(queue.front());
        queue.pop_front();
      }
      try {
        next();
      } catch (const std::exception&) {  // of the kernel
        const State::Lock lock;
        ppo::stand_in::state().broken = cudaErrorIllegalAddress;
        queue.clear();
      }
    }
  });
}

void CUstream_st::finish() {
  if (runner.joinable()) runner.join();
}

/// Instead of that of src/system/pci.cpp, which looks at the real machine.
bool ppo::has_nvidia_card(const std::filesystem::path&) {
  return stand_in::state().machine.shows_card;
}
