#include "simt/fiber.hpp"

#include <sys/mman.h>

#include <cstdint>
#include <new>

#ifndef __x86_64__
#error "the emulator switches stacks in x86-64 assembly"
#endif

// void ppo_simt_switch(void** old_stack_pointer, void* new_stack_pointer): keeps what the System V ABI wants
// kept over a call on the old stack, and takes it from the new one.
asm(R"(
.pushsection .text
.p2align 4
.globl ppo_simt_switch
.hidden ppo_simt_switch
.type ppo_simt_switch, @function
ppo_simt_switch:
  .cfi_startproc
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  subq $8, %rsp
  stmxcsr (%rsp)
  fnstcw 4(%rsp)
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  ldmxcsr (%rsp)
  fldcw 4(%rsp)
  addq $8, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
  .cfi_endproc
.size ppo_simt_switch, . - ppo_simt_switch
.popsection
)");

extern "C" void ppo_simt_switch(void** old_stack_pointer, void* new_stack_pointer);

namespace ppo::simt {
namespace {

constexpr std::size_t kGuardBytes = 4096;
constexpr std::size_t kColours = 16;
constexpr std::size_t kColourBytes = 256 - 64;  // an odd number of cache lines, which meets every set

constexpr std::uint32_t kDefaultMxcsr = 0x1f80;       // round to nearest, nothing flushed, no traps
constexpr std::uint64_t kDefaultControlWord = 0x37f;  // of the x87: the same, 80 bits

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

/// What ppo_simt_switch would have left on a stack whose next instruction is the first of `enter`.
SIMT_UNWATCHED void* first_frame(std::uintptr_t top) {
  void** frame = reinterpret_cast<void**>(top);  // aligned to 16
  *--frame = nullptr;                            // nobody to return to; ends the walks of debuggers
  *--frame = reinterpret_cast<void*>(&enter);
  for (int i = 0; i < 6; ++i) *--frame = nullptr;
  *--frame = reinterpret_cast<void*>(kDefaultControlWord << 32 | kDefaultMxcsr);
  return frame;
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
      first_frame(bottom + kStackBytes - static_cast<std::size_t>(colour) % kColours * kColourBytes);
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
