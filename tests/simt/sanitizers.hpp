// What the emulator tells AddressSanitizer and ThreadSanitizer, each an empty function without them. Fibers
// become threads of ThreadSanitizer's, which orders two of them by `release` and `acquire` alone: so it finds
// the races of a kernel, though one thread of the operating system runs it all.
#pragma once

#include <cstddef>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SIMT_THREAD_SANITIZER 1
#endif
#if __has_feature(address_sanitizer)
#define SIMT_ADDRESS_SANITIZER 1
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define SIMT_THREAD_SANITIZER 1
#endif
#if defined(__SANITIZE_ADDRESS__)
#define SIMT_ADDRESS_SANITIZER 1
#endif

#ifdef SIMT_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef SIMT_THREAD_SANITIZER
#include <sanitizer/tsan_interface.h>
/// For every function of the emulator that runs as a fiber: what it reads and writes is the emulator's own,
/// and must look neither like a race nor like an ordering. Such a function calls nothing of std:: that
/// touches memory which other fibers see.
#define SIMT_UNWATCHED __attribute__((no_sanitize("thread")))
#else
#define SIMT_UNWATCHED
#endif

namespace ppo::simt {

/// Everything that the running fiber did so far is seen by whoever acquires `key` later.
SIMT_UNWATCHED inline void release([[maybe_unused]] void* key) {
#ifdef SIMT_THREAD_SANITIZER
  __tsan_release(key);
#endif
}
SIMT_UNWATCHED inline void acquire([[maybe_unused]] void* key) {
#ifdef SIMT_THREAD_SANITIZER
  __tsan_acquire(key);
#endif
}

/// ThreadSanitizer's handle of what runs now, of a new fiber; nullptr without it.
inline void* current_tsan_fiber() {
#ifdef SIMT_THREAD_SANITIZER
  return __tsan_get_current_fiber();
#else
  return nullptr;
#endif
}
inline void* create_tsan_fiber() {
#ifdef SIMT_THREAD_SANITIZER
  return __tsan_create_fiber(0);
#else
  return nullptr;
#endif
}
inline void destroy_tsan_fiber([[maybe_unused]] void* fiber) {
#ifdef SIMT_THREAD_SANITIZER
  __tsan_destroy_fiber(fiber);
#endif
}

/// The name in reports.
inline void name_tsan_fiber([[maybe_unused]] void* fiber, [[maybe_unused]] const char* name) {
#ifdef SIMT_THREAD_SANITIZER
  __tsan_set_fiber_name(fiber, name);
#endif
}

/// From now on, what runs counts as that fiber's. No ordering.
SIMT_UNWATCHED inline void switch_tsan_fiber([[maybe_unused]] void* fiber) {
#ifdef SIMT_THREAD_SANITIZER
  __tsan_switch_to_fiber(fiber, __tsan_switch_to_fiber_no_sync);
#endif
}

/// Around a switch of stacks: before it, with where to keep the old stack's state and the new stack's bounds
/// [bytes]; and after it, on the new stack, with what was kept of that one. `finish` says where the old
/// stack was.
SIMT_UNWATCHED inline void start_switch([[maybe_unused]] void** keep, [[maybe_unused]] const void* bottom,
                                        [[maybe_unused]] std::size_t bytes) {
#ifdef SIMT_ADDRESS_SANITIZER
  __sanitizer_start_switch_fiber(keep, bottom, bytes);
#endif
}
SIMT_UNWATCHED inline void finish_switch([[maybe_unused]] void* kept, [[maybe_unused]] const void** bottom,
                                         [[maybe_unused]] std::size_t* bytes) {
#ifdef SIMT_ADDRESS_SANITIZER
  __sanitizer_finish_switch_fiber(kept, bottom, bytes);
#endif
}

/// Memory that goes back to the system; frames that were never left have marked parts of it as untouchable.
inline void forget([[maybe_unused]] const void* memory, [[maybe_unused]] std::size_t bytes) {
#ifdef SIMT_ADDRESS_SANITIZER
  __asan_unpoison_memory_region(memory, bytes);
#endif
}

}  // namespace ppo::simt
