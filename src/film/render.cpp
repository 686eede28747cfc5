#include "film/render.hpp"

#include "errors.hpp"

namespace ppo {

int run_render(const RenderCommand&) {
  throw Failure(kRunFailed, "not there yet");
}

}  // namespace ppo
