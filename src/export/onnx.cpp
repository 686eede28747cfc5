#include "export/onnx.hpp"

#include <initializer_list>
#include <utility>

#include "formats/protobuf.hpp"
#include "ppo/hyper.hpp"

namespace ppo {
namespace {

// Field numbers and constants are those of onnx.proto, in the block of their message.

enum ElementType { kFloat = 1, kInt64 = 7 };
constexpr int kOpset = 13;     // the operators' version: Squeeze takes its axes as an input
constexpr int kIrVersion = 7;  // the oldest with that opset; every reader of today takes it

/// TensorProto
Message initializer(const Tensor& tensor) {
  Message message;
  for (const std::int64_t extent : tensor.shape) message.integer(1, extent);
  return message.integer(2, kFloat).numbers(4, tensor.data).text(8, tensor.name);
}

/// TensorProto: the list that holds `value` alone.
Message whole_number(std::string_view name, std::int64_t value) {
  return Message().integer(1, 1).integer(2, kInt64).integer(7, value).text(8, name);
}

/// AttributeProto
Message attribute(std::string_view name, std::int64_t value) {
  constexpr int kIsInt = 2;
  return Message().text(1, name).integer(3, value).integer(20, kIsInt);
}

/// NodeProto
Message node(std::string_view operation, std::initializer_list<std::string_view> inputs,
             std::string_view output) {
  Message message;
  for (const std::string_view input : inputs) message.text(1, input);
  return message.text(2, output).text(3, output).text(4, operation);
}

/// ValueInfoProto: [batch], or [batch][width].
Message value_info(std::string_view name, ElementType type, std::int64_t width = 0) {
  Message shape;  // TensorShapeProto
  shape.message(1, Message().text(2, "batch"));
  if (width > 0) shape.message(1, Message().integer(1, width));
  const Message tensor_type = Message().integer(1, type).message(2, shape);
  return Message().text(1, name).message(2, Message().message(1, tensor_type));
}

/// Adds the layers of one network to the graph.
void add_network(Message& graph, const std::string& net, std::string_view output) {
  const auto layer = [&](std::string_view input, const std::string& name, std::string_view result) {
    graph.message(1, node("Gemm", {input, net + name + ".w", net + name + ".b"}, result));
  };
  const auto tanh = [&](const std::string& name) {
    graph.message(1, node("Tanh", {net + name + ".sum"}, net + name + ".tanh"));
  };
  layer("obs", ".l1", net + ".l1.sum");
  tanh(".l1");
  layer(net + ".l1.tanh", ".l2", net + ".l2.sum");
  tanh(".l2");
  layer(net + ".l2.tanh", ".head", output);
}

/// GraphProto
Message graph(const TrainedAgent& agent) {
  Message graph;
  add_network(graph, "actor", "logits");
  graph.message(1, node("ArgMax", {"logits"}, "action")
                       .message(5, attribute("axis", 1))
                       .message(5, attribute("keepdims", 0)));
  add_network(graph, "critic", "value.column");
  graph.message(1, node("Squeeze", {"value.column", "value.axis"}, "value"));
  graph.text(2, agent.config.env);
  for (const Tensor& tensor : agent.tensors) graph.message(5, initializer(tensor));
  graph.message(5, whole_number("value.axis", 1));
  graph.message(11, value_info("obs", kFloat, agent.environment.observation_size));
  graph.message(12, value_info("logits", kFloat, agent.environment.action_count));
  graph.message(12, value_info("action", kInt64));
  graph.message(12, value_info("value", kFloat));
  return graph;
}

}  // namespace

std::string to_onnx(const TrainedAgent& agent) {
  Message model;  // ModelProto
  model.integer(1, kIrVersion)
      .text(2, "ppo_train")
      .text(3, PPO_VERSION)
      .text(
          6,
          "A policy for " + agent.config.env +
              ". logits: of the action's probabilities; action: the most probable one; value: the critic's.")
      .message(7, graph(agent))
      .message(8, Message().integer(2, kOpset));
  const std::pair<std::string_view, std::string> properties[] = {
      {"env", agent.config.env},
      {"seed", std::to_string(agent.config.hyper.seed)},
      {"numerics_version", std::to_string(kNumericsVersion)},
      {"param_hash", agent.param_hash}};
  for (const auto& [key, value] : properties) model.message(14, Message().text(1, key).text(2, value));
  return model.bytes();
}

}  // namespace ppo
