#include "export/c_header.hpp"

#include <algorithm>

#include "config/value.hpp"
#include "ppo/normalise.hpp"

namespace ppo {
namespace {

constexpr std::size_t kColumns = 100;

// In the order of the file; $O, $A, $H and the like are filled in.

constexpr std::string_view kOpening =
    R"(/* A policy for $env, trained by ppo_train with seed $seed$when; parameters $hash.

       #include "agent.h"               this file, in one of your source files

       $call           obs: $O floats, as the environment has them

   $meaning C99 or C++; nothing but the standard
   library ($link), no allocation, no state. */
#ifdef PPO_TRAIN_AGENT_H
#if PPO_TRAIN_AGENT_H != $id
#error "another agent's header is included already: give each a source file of its own"
#endif
#else
#define PPO_TRAIN_AGENT_H $id

#include <math.h>

)";

constexpr std::string_view kNetwork =
    R"(/* $O observations -> $A $outputs, up to rounding those of ppo_train. */
static inline void act_$outputs(const float obs[$O], float $outputs[$A]) {
  float $seenh1[$H], h2[$H];
  int i, o;
$norm  for (o = 0; o < $H; ++o) {
    float sum = act_l1_b[o];
    for (i = 0; i < $O; ++i) sum += $input[i] * act_l1_w[i][o];
    h1[o] = $activate;
  }
  for (o = 0; o < $H; ++o) {
    float sum = act_l2_b[o];
    for (i = 0; i < $H; ++i) sum += h1[i] * act_l2_w[i][o];
    h2[o] = $activate;
  }
  for (o = 0; o < $A; ++o) {
    float sum = act_head_b[o];
    for (i = 0; i < $H; ++i) sum += h2[i] * act_head_w[i][o];
    $outputs[o] = sum;
  }
}

)";

/// Part of the network's function.
constexpr std::string_view kNorm = R"(  for (i = 0; i < $O; ++i) {
    seen[i] = (obs[i] - act_norm_shift[i]) * act_norm_scale[i];
    if (seen[i] > $bound) seen[i] = $bound;
    if (seen[i] < -$bound) seen[i] = -$bound;
  }
)";

constexpr std::string_view kBoxAction =
    R"(/* $O observations -> the mean action of $A numbers, within their ranges. */
static inline void act(const float obs[$O], float action[$A]) {
  int d;
  act_mean(obs, action);
  for (d = 0; d < $A; ++d) {
    if (action[d] < act_low[d]) action[d] = act_low[d];
    if (action[d] > act_high[d]) action[d] = act_high[d];
  }
}

#endif
)";

constexpr std::string_view kDiscreteAction =
    R"(/* $O observations -> the most probable action, 0 to $last; the first one on a tie. */
static inline int act(const float obs[$O]) {
  float logits[$A];
  int action = 0, a;
  act_logits(obs, logits);
  for (a = 1; a < $A; ++a) {
    if (logits[a] > logits[action]) action = a;
  }
  return action;
}

#endif
)";

void fill_in(std::string& text, std::string_view name, const std::string& value) {
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size())) {
    text.replace(at, name.size(), value);
  }
}

std::string filled_in(std::string_view pattern, const TrainedAgent& agent) {
  std::string text(pattern);
  const Hyper& hyper = agent.policy.hyper;
  const bool is_tanh = hyper.activation == Activation::tanh;
  fill_in(text, "$norm", hyper.norm_obs ? std::string(kNorm) : "");
  fill_in(text, "$seen", hyper.norm_obs ? "seen[$O], " : "");
  fill_in(text, "$input", hyper.norm_obs ? "seen" : "obs");
  fill_in(text, "$bound", number_text(kNormBound) + "F");
  fill_in(text, "$activate", is_tanh ? "tanhf(sum)" : "sum < 0 ? 0 : sum");
  fill_in(text, "$link", is_tanh ? "tanhf: link with -lm" : "of which it calls no function");
  fill_in(text, "$call", agent.is_discrete() ? "int action = act(obs);" : "act(obs, action);");
  fill_in(
      text, "$meaning",
      agent.is_discrete()
          ? "act takes the most probable action, act_logits gives all $A logits."
          : "act gives the mean action, $A floats within their ranges, act_mean the same without ranges.");
  fill_in(text, "$outputs", agent.is_discrete() ? "logits" : "mean");
  fill_in(text, "$env", agent.config.env);
  fill_in(text, "$seed", std::to_string(agent.config.hyper.seed));
  const std::string when = agent.origin.text();
  fill_in(text, "$when", (when.empty() ? "" : ", ") + when);
  fill_in(text, "$hash", agent.param_hash);
  fill_in(text, "$id",
          agent.param_hash.substr(0, 10));  // "0x" and 32 bits, which every preprocessor compares
  fill_in(text, "$O", std::to_string(agent.environment.observation_size));
  fill_in(text, "$A", std::to_string(agent.outputs()));
  fill_in(text, "$H", std::to_string(hyper.hidden_size));
  fill_in(text, "$last", std::to_string(agent.outputs() - 1));
  return text;
}

/// "{1.0F, -0.5F}", broken into lines; each number reads back to the same bits.
std::string list(std::span<const float> numbers) {
  std::string text = "{";
  std::size_t line_start = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::string number = number_text(numbers[i]) + (i + 1 < numbers.size() ? "F," : "F}");
    const bool fits = text.size() - line_start + 1 + number.size() <= kColumns;
    if (!fits) {
      line_start = text.size() + 1;
      text += "\n ";
    }
    if (i > 0 && fits) text += ' ';
    text += number;
  }
  return text;
}

std::string array(std::string_view name, const Numbers& numbers) {
  return "static const float act_" + std::string(name) + '[' + std::to_string(numbers.size()) +
         "] = " + list(numbers) + ";\n\n";
}

/// One tensor of the actor as a constant array of its shape.
std::string array(const Tensor& tensor, std::string name) {
  std::replace(name.begin(), name.end(), '.', '_');
  std::string text = "static const float act_" + name;
  for (const std::int64_t extent : tensor.shape) text += '[' + std::to_string(extent) + ']';
  text += " = ";
  if (tensor.shape.size() == 1) return text + list(tensor.data) + ";\n\n";
  const auto width = static_cast<std::size_t>(tensor.shape.back());
  text += "{\n";
  for (std::span<const float> rest = tensor.data; !rest.empty(); rest = rest.subspan(width)) {
    text += list(rest.first(width)) + (rest.size() > width ? ",\n" : "};\n\n");
  }
  return text;
}

}  // namespace

std::string to_c_header(const TrainedAgent& agent) {
  constexpr std::string_view actor = "actor.";
  std::string text = filled_in(kOpening, agent);
  for (const Tensor& tensor : agent.tensors) {
    const bool is_used = tensor.name.starts_with(actor) && tensor.name != "actor.log_std";
    if (is_used) text += array(tensor, tensor.name.substr(actor.size()));
  }
  if (agent.policy.hyper.norm_obs) {
    const ExportedNorm norm = exported_norm(agent);
    text += array("norm_shift", norm.shift) + array("norm_scale", norm.scale);
  }
  if (!agent.is_discrete()) {
    const ExportedRanges ranges = exported_ranges(agent);
    text += array("low", ranges.low) + array("high", ranges.high);
  }
  return text + filled_in(kNetwork, agent) +
         filled_in(agent.is_discrete() ? kDiscreteAction : kBoxAction, agent);
}

}  // namespace ppo
