#include "simt/fibers/fiber.hpp"

#include <sys/mman.h>

#include <cstdint>
#include <new>

#include "simt/fibers/switch_stack.hpp"

namespace ppo::simt {
namespace {

constexpr std::size_t kGuardBytes = 64 << 10;  // a page, of whatever size the kernel has them on AArch64
constexpr std::size_t kColours = 16;
constexpr std::size_t kColourBytes = 256 - 64;  // an odd number of cache lines, which meets every set

constinit thread_local Context* t_previous = nullptr;  // what ran before the last switch
using Body = void (*)();
constinit thread_local Body t_body = nullptr;  // of the fibers of this thread

/// First thing on a stack that was switched to.
SIMT_UNWATCHED void finish(void* fake_stack) {
  finish_switch(fake_stack, &t_previous->bottom, &t_previous->stack_bytes);
}

SIMT_UNWATCHED void enter() {
  finish(nullptr);
  for (;;) t_body();
}

}  // namespace

SIMT_UNWATCHED __attribute__((noinline)) void switch_context(Context& from, Context& to) {
  start_switch(&from.fake_stack, to.bottom, to.stack_bytes);
  switch_tsan_fiber(to.tsan_fiber);
  t_previous = &from;
  ppo_simt_switch(&from.stack_pointer, to.stack_pointer);
  finish(from.fake_stack);
}

Fiber::Fiber(void (*body)(), int colour) {
  mapping_ = mmap(nullptr, kGuardBytes + kStackBytes, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping_ == MAP_FAILED) throw std::bad_alloc();
  mprotect(mapping_, kGuardBytes, PROT_NONE);
  const std::uintptr_t bottom = reinterpret_cast<std::uintptr_t>(mapping_) + kGuardBytes;
  t_body = body;
  context.bottom = reinterpret_cast<void*>(bottom);
  context.stack_bytes = kStackBytes;
  context.stack_pointer =
      first_frame(&enter, bottom + kStackBytes - static_cast<std::size_t>(colour) % kColours * kColourBytes);
  context.tsan_fiber = create_tsan_fiber();
}

Fiber::~Fiber() {
  destroy_tsan_fiber(context.tsan_fiber);
  forget(mapping_, kGuardBytes + kStackBytes);
  munmap(mapping_, kGuardBytes + kStackBytes);
}

Fiber& FiberPool::at(std::size_t number) {
  if (number >= fibers_.size()) fibers_.resize(number + 1);
  if (!fibers_[number]) fibers_[number] = std::make_unique<Fiber>(body_, static_cast<int>(number));
  return *fibers_[number];
}

}  // namespace ppo::simt
