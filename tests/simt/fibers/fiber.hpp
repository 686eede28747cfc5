// Fibers: stacks of their own that one thread of the operating system runs in turn. A switch costs about as
// much as ten function calls; ucontext would make a system call of it.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "simt/sanitizers.hpp"

namespace ppo::simt {

/// Something that can be switched to: a fiber, or what launched it.
struct Context {
  void* stack_pointer = nullptr;  // while it does not run
  void* tsan_fiber = nullptr;     // ThreadSanitizer's handle
  void* fake_stack = nullptr;     // AddressSanitizer's, while it does not run
  const void* bottom = nullptr;   // lowest address of the stack; of a launching thread known to a fiber's
  std::size_t stack_bytes = 0;    // first switch
};

/// Runs `to` until something switches back to `from`, which runs now.
void switch_context(Context& from, Context& to);

/// A stack with a guard below it that may not be touched, running `body` for ever: whenever body returns it
/// is called again, so body must switch away. A fiber may be destroyed anywhere in body; nothing is unwound.
class Fiber {
 public:
  /// Of address space: a page costs memory only once it is touched. Sanitizers and -O0 make frames large.
  static constexpr std::size_t kStackBytes = 256 << 10;

  /// `colour` shifts the frames within their page, so that not all fibers' hot lines fall into one cache set.
  /// Throws std::bad_alloc when there is no address space left.
  Fiber(void (*body)(), int colour);
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;
  ~Fiber();

  Context context;

 private:
  void* mapping_;
};

/// Fibers that outlive a launch: mapping a stack costs more than many a kernel.
class FiberPool {
 public:
  explicit FiberPool(void (*body)()) : body_(body) {}

  /// The fiber of that number, at the start of body or about to call it again.
  Fiber& at(std::size_t number);

  /// The fiber of that number is in the middle of body, and not to go on: the next `at` gives a new one.
  void drop(std::size_t number) { fibers_[number].reset(); }

 private:
  void (*body_)();
  std::vector<std::unique_ptr<Fiber>> fibers_;
};

}  // namespace ppo::simt
