#include "export/onnx.hpp"

#include <initializer_list>

#include "formats/protobuf.hpp"
#include "ppo/normalise.hpp"

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

Message initializer(std::string_view name, const Numbers& numbers) {
  return initializer(Tensor{std::string(name), {static_cast<std::int64_t>(numbers.size())}, numbers});
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

/// ValueInfoProto: [batch], [batch][width] or [width].
Message value_info(std::string_view name, ElementType type, std::int64_t width = 0, bool is_batch = true) {
  Message shape;  // TensorShapeProto
  if (is_batch) shape.message(1, Message().text(2, "batch"));
  if (width > 0) shape.message(1, Message().integer(1, width));
  const Message tensor_type = Message().integer(1, type).message(2, shape);
  return Message().text(1, name).message(2, Message().message(1, tensor_type));
}

/// Adds what the networks see of an observation; returns its name.
std::string add_norm(Message& graph, const TrainedAgent& agent) {
  if (!agent.policy.hyper.norm_obs) return "obs";
  const ExportedNorm norm = exported_norm(agent);
  graph.message(1, node("Sub", {"obs", "norm.shift"}, "norm.shifted"))
      .message(1, node("Mul", {"norm.shifted", "norm.scale"}, "norm.scaled"))
      .message(1, node("Clip", {"norm.scaled", "norm.low", "norm.high"}, "norm.obs"))
      .message(5, initializer("norm.shift", norm.shift))
      .message(5, initializer("norm.scale", norm.scale))
      .message(5, initializer(Tensor{"norm.low", {}, {-kNormBound}}))
      .message(5, initializer(Tensor{"norm.high", {}, {kNormBound}}));
  return "norm.obs";
}

/// Adds the layers of one network to the graph.
void add_network(Message& graph, Activation activation, const std::string& input_name, const std::string& net,
                 std::string_view output) {
  const auto layer = [&](std::string_view input, const std::string& name, std::string_view result) {
    graph.message(1, node("Gemm", {input, net + name + ".w", net + name + ".b"}, result));
  };
  const auto activate = [&](const std::string& name) {
    graph.message(1, node(activation == Activation::tanh ? "Tanh" : "Relu", {net + name + ".sum"},
                          net + name + ".hidden"));
  };
  layer(input_name, ".l1", net + ".l1.sum");
  activate(".l1");
  layer(net + ".l1.hidden", ".l2", net + ".l2.sum");
  activate(".l2");
  layer(net + ".l2.hidden", ".head", output);
}

void add_discrete_action(Message& graph, int count) {
  graph.message(1, node("ArgMax", {"logits"}, "action")
                       .message(5, attribute("axis", 1))
                       .message(5, attribute("keepdims", 0)));
  graph.message(12, value_info("logits", kFloat, count)).message(12, value_info("action", kInt64));
}

void add_box_action(Message& graph, const TrainedAgent& agent) {
  const int numbers = agent.environment.actions.numbers;
  const ExportedRanges ranges = exported_ranges(agent);
  graph.message(1, node("Max", {"mean", "action.low"}, "action.above"))
      .message(1, node("Min", {"action.above", "action.high"}, "action"))
      .message(1, node("Identity", {"actor.log_std"}, "log_std"))
      .message(5, initializer("action.low", ranges.low))
      .message(5, initializer("action.high", ranges.high))
      .message(12, value_info("mean", kFloat, numbers))
      .message(12, value_info("log_std", kFloat, numbers, false))
      .message(12, value_info("action", kFloat, numbers));
}

/// GraphProto
Message graph(const TrainedAgent& agent) {
  Message graph;
  const Activation activation = agent.policy.hyper.activation;
  const std::string seen = add_norm(graph, agent);
  add_network(graph, activation, seen, "actor", agent.is_discrete() ? "logits" : "mean");
  if (agent.is_discrete()) {
    add_discrete_action(graph, agent.environment.actions.count);
  } else {
    add_box_action(graph, agent);
  }
  add_network(graph, activation, seen, "critic", "value.column");
  graph.message(1, node("Squeeze", {"value.column", "value.axis"}, "value"));
  graph.text(2, agent.config.env);
  for (const Tensor& tensor : agent.tensors) graph.message(5, initializer(tensor));
  graph.message(5, whole_number("value.axis", 1));
  graph.message(11, value_info("obs", kFloat, agent.environment.observation_size));
  graph.message(12, value_info("value", kFloat));
  return graph;
}

std::string meanings(const TrainedAgent& agent) {
  const std::string value = agent.policy.hyper.norm_reward
                                ? "value: the critic's, in units of the normalised reward."
                                : "value: the critic's.";
  if (agent.is_discrete()) {
    return "logits: of the action's probabilities; action: the most probable one; " + value;
  }
  return "mean, log_std: of the normal distribution of each number of an action; action: the mean, within "
         "the "
         "action's ranges; " +
         value;
}

}  // namespace

std::string to_onnx(const TrainedAgent& agent) {
  Message model;  // ModelProto
  model.integer(1, kIrVersion)
      .text(2, "ppo_train")
      .text(3, PPO_VERSION)
      .text(6, "A policy for " + agent.config.env + ". " + meanings(agent))
      .message(7, graph(agent))
      .message(8, Message().integer(2, kOpset));
  const auto add_property = [&](std::string_view key, std::string_view value) {
    model.message(14, Message().text(1, key).text(2, value));
  };
  add_property("env", agent.config.env);
  add_property("seed", std::to_string(agent.config.hyper.seed));
  add_property("numerics_version", std::to_string(kNumericsVersion));
  add_property("param_hash", agent.param_hash);
  for (const auto& [key, value] : agent.origin.metadata()) add_property(key, value);
  return model.bytes();
}

}  // namespace ppo
