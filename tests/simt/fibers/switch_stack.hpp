// The machine's part of a fiber: leaving one stack for another.
#pragma once

#include <cstdint>

/// Keeps what the calling convention wants kept over a call on the old stack, and takes it from the new one.
extern "C" void ppo_simt_switch(void** old_stack_pointer, void* new_stack_pointer);

namespace ppo::simt {

/// What ppo_simt_switch would have left on a stack that ends at `top`, a multiple of 16, and whose next
/// instruction is the first of `enter`.
void* first_frame(void (*enter)(), std::uintptr_t top);

}  // namespace ppo::simt
