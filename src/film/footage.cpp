#include "film/footage.hpp"

#include <string>

#include "engine/engine.hpp"
#include "engine/evaluator.hpp"
#include "system/errors.hpp"

namespace ppo {

void Footage::see(const Scene& scene) {
  if (size() == kMostScenes) {
    throw Failure(kWrongInput, "a film has at most " + std::to_string(kMostScenes) +
                                   " frames; write a smaller --episodes or --max-steps");
  }
  shapes_.insert(shapes_.end(), scene.begin(), scene.end());
  ends_.push_back(shapes_.size());
}

std::span<const Shape> Footage::scene(std::size_t index) const {
  const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
  return std::span(shapes_).subspan(begin, ends_[index] - begin);
}

Recording record(const Environment& environment, const TrainedPolicy& policy, const EvalOptions& options) {
  if (!environment.info().draws_itself) {
    throw Failure(kWrongInput, "the environment " + std::string(environment.info().name) +
                                   " cannot be filmed; give it kView, kStepSeconds and draw as in "
                                   "include/ppo/env.hpp");
  }
  Recording recording;
  Evaluator evaluator(choose_level(environment).loops, policy.hyper, 1);
  recording.episodes = evaluator.play_for(recording.footage, policy, options);
  return recording;
}

}  // namespace ppo
