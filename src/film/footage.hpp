// The scenes recorded while an agent played.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/agent_state.hpp"
#include "engine/environment.hpp"

namespace ppo {

/// The scenes of played episodes in turn, from the first state of each to its last.
class Footage final : public Spectator {
 public:
  static constexpr std::size_t kMostScenes = 100'000;  // nobody would watch more

  void see(const Scene& scene) override;

  std::size_t size() const { return ends_.size(); }
  std::span<const Shape> scene(std::size_t index) const;
  std::span<const Shape> all_shapes() const { return shapes_; }

 private:
  std::vector<Shape> shapes_;
  std::vector<std::size_t> ends_;  // of each scene in shapes_
};

/// Episodes and what they looked like.
struct Recording {
  std::vector<EpisodeResult> episodes;
  Footage footage;
};

/// Lets the policy play. Throws Failure(kWrongInput) when the environment does not draw itself
/// or there would be more than Footage::kMostScenes scenes.
Recording record(const Environment& environment, const TrainedPolicy& policy, const EvalOptions& options);

}  // namespace ppo
