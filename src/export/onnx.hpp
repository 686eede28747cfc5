// Exports a policy as an ONNX model (onnx.ai), which onnxruntime and many others can run.
#pragma once

#include <string>

#include "export/trained_agent.hpp"

namespace ppo {

/// The file's bytes. Input obs, float32 [batch][O]; outputs logits, float32 [batch][A], action, int64
/// [batch], the greedy one, and value, float32 [batch]. The batch may have any size.
std::string to_onnx(const TrainedAgent& agent);

}  // namespace ppo
