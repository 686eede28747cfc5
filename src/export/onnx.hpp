// Exports a policy as an ONNX model (onnx.ai), which onnxruntime and many others can run.
#pragma once

#include <string>

#include "export/trained_agent.hpp"

namespace ppo {

/// The file's bytes. Input obs, float32 [batch][O], as the environment has them. Outputs, of a batch of any
/// size: value, float32 [batch]; of one of A actions logits, float32 [batch][A], and action, int64 [batch];
/// of D numbers mean, float32 [batch][D], log_std, float32 [D], and action, float32 [batch][D], within the
/// ranges. `action` is the greedy one.
std::string to_onnx(const TrainedAgent& agent);

}  // namespace ppo
