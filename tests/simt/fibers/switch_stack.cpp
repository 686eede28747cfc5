#include "simt/fibers/switch_stack.hpp"

#include "simt/sanitizers.hpp"

#if defined(__x86_64__)

// System V ABI.
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

namespace ppo::simt {

SIMT_UNWATCHED void* first_frame(void (*enter)(), std::uintptr_t top) {
  constexpr std::uint32_t kDefaultMxcsr = 0x1f80;       // round to nearest, nothing flushed, no traps
  constexpr std::uint64_t kDefaultControlWord = 0x37f;  // of the x87: the same, 80 bits
  void** frame = reinterpret_cast<void**>(top);
  *--frame = nullptr;  // nobody to return to; ends the walks of debuggers
  *--frame = reinterpret_cast<void*>(enter);
  for (int i = 0; i < 6; ++i) *--frame = nullptr;
  *--frame = reinterpret_cast<void*>(kDefaultControlWord << 32 | kDefaultMxcsr);
  return frame;
}

}  // namespace ppo::simt

#elif defined(__aarch64__)

// Procedure Call Standard: x19 to x30, the lower halves of v8 to v15, and the rounding of FPCR.
asm(R"(
.pushsection .text
.p2align 4
.globl ppo_simt_switch
.hidden ppo_simt_switch
.type ppo_simt_switch, %function
ppo_simt_switch:
  .cfi_startproc
  sub sp, sp, #176
  stp x19, x20, [sp]
  stp x21, x22, [sp, #16]
  stp x23, x24, [sp, #32]
  stp x25, x26, [sp, #48]
  stp x27, x28, [sp, #64]
  stp x29, x30, [sp, #80]
  stp d8, d9, [sp, #96]
  stp d10, d11, [sp, #112]
  stp d12, d13, [sp, #128]
  stp d14, d15, [sp, #144]
  mrs x9, fpcr
  str x9, [sp, #160]
  mov x9, sp
  str x9, [x0]
  mov sp, x1
  ldr x9, [sp, #160]
  msr fpcr, x9
  ldp x19, x20, [sp]
  ldp x21, x22, [sp, #16]
  ldp x23, x24, [sp, #32]
  ldp x25, x26, [sp, #48]
  ldp x27, x28, [sp, #64]
  ldp x29, x30, [sp, #80]
  ldp d8, d9, [sp, #96]
  ldp d10, d11, [sp, #112]
  ldp d12, d13, [sp, #128]
  ldp d14, d15, [sp, #144]
  add sp, sp, #176
  ret
  .cfi_endproc
.size ppo_simt_switch, . - ppo_simt_switch
.popsection
)");

namespace ppo::simt {

SIMT_UNWATCHED void* first_frame(void (*enter)(), std::uintptr_t top) {
  constexpr int kWords = 22;          // of what ppo_simt_switch keeps
  constexpr int kReturnAddress = 11;  // x30
  // All others are 0: FPCR, too, rounds to nearest and flushes nothing.
  void** const frame = reinterpret_cast<void**>(top) - kWords;
  for (int i = 0; i < kWords; ++i) frame[i] = nullptr;
  frame[kReturnAddress] = reinterpret_cast<void*>(enter);
  return frame;
}

}  // namespace ppo::simt

#else
#error "the emulator switches stacks in assembly of x86-64 or AArch64"
#endif
