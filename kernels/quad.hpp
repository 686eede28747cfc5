// Four floats at once.
#pragma once

namespace ppo {

/// Four floats that are loaded and stored by one instruction.
struct alignas(16) Quad {
  float x[4];
};

}  // namespace ppo
