#include "training/divergence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "run/policy.hpp"
#include "system/text.hpp"
#include "terminal/messages.hpp"

namespace ppo {
namespace {

/// float32 overflows at 3e38, and the gradient's norm sums up squares: what comes near 1e19 will overflow
/// there. Nothing that learns comes within orders of magnitude of this.
constexpr double kHuge = 1e15;

constexpr float kLargeCoefficient = 1e6F;  // which nobody chooses by intent

constexpr const char* kLargeSteps =
    "; most likely its steps are too large, train with a smaller lr or max_grad_norm";

/// The size of a coefficient's term of the loss, or of the coefficient where its loss is not known any more.
double term(float coefficient, float loss) {
  return static_cast<double>(coefficient) * (std::isfinite(loss) ? std::abs(static_cast<double>(loss)) : 1);
}

std::string cause_of(const UpdateRow& row, const Tuning& tuning) {
  struct Term {
    const char* coefficient;
    float value;
    double size;
  };
  const Term terms[] = {{"vf_coef", tuning.vf_coef, term(tuning.vf_coef, row.loss_value)},
                        {"ent_coef", tuning.ent_coef, term(tuning.ent_coef, row.entropy)}};
  const Term& largest_term = *std::ranges::max_element(terms, {}, &Term::size);
  if (largest_term.size >= kHuge && largest_term.value >= kLargeCoefficient) {
    return fmt::format(
        "; most likely {0} = {1:g} makes its term of the loss too large: train with a smaller {0}",
        largest_term.coefficient, largest_term.value);
  }
  const float largest = row.episodes > 0 ? std::max(std::abs(row.return_min), std::abs(row.return_max)) : 0;
  const bool are_returns_huge = static_cast<double>(largest) >= kHuge || std::isinf(row.loss_value) ||
                                std::abs(static_cast<double>(row.loss_value)) >= kHuge;
  return are_returns_huge ? "; most likely its rewards are too large, scale them down" : kLargeSteps;
}

/// "observation[2] of environment 5 of agent 0 is not finite at step 17 of the rollout in update 3; ..."
std::string fault_text(std::size_t agent, const UpdateRow& row, int observation_size) {
  const Fault& fault = row.fault;
  const bool is_reward = fault.number == observation_size;
  const std::string number = is_reward ? "reward" : fmt::format("observation[{}]", fault.number);
  return fmt::format(
      "{} of environment {} of agent {} is not finite at step {} of the rollout in update {}; {}", number,
      fault.environment, agent, fault.step, row.update,
      is_reward ? "the environment's step returned it" : "the environment's observe wrote it");
}

}  // namespace

std::optional<Divergence> find_fault(std::span<const UpdateRow> rows, const Config& config) {
  for (std::size_t k = 0; k < rows.size(); ++k) {
    if (rows[k].fault.any == 0) continue;
    return Divergence{fault_text(k, rows[k], find_environment(config.env)->info().observation_size), true};
  }
  return std::nullopt;
}

std::optional<Divergence> find_divergence(std::span<const Record> records, const Config& config) {
  const Hyper& hyper = config.hyper;
  struct Quantity {
    const char* name;
    double value;
  };
  for (const Record& record : records) {
    const UpdateRow& row = record.row;
    const auto found = [&](const char* name, const std::string& cause) {
      return Divergence{fmt::format("the {} of agent {} is not finite in update {}{}", name, record.agent,
                                    row.update, cause)};
    };
    if (!std::isfinite(row.return_sum))  // from which all else would follow
      return found("return", "; the rewards of an episode add up to more than a number can hold");
    const Quantity quantities[] = {{"policy loss", static_cast<double>(row.loss_policy)},
                                   {"value loss", static_cast<double>(row.loss_value)},
                                   {"entropy", static_cast<double>(row.entropy)},
                                   {"gradient norm", static_cast<double>(row.grad_norm)}};
    for (const Quantity& quantity : quantities) {
      if (!std::isfinite(quantity.value)) return found(quantity.name, cause_of(row, hyper));
    }
  }
  return std::nullopt;
}

Divergence parameter_divergence(std::size_t agent, std::int64_t update) {
  return {fmt::format("a parameter of agent {} is not finite after update {}{}", agent, update, kLargeSteps)};
}

std::string divergence_message(const Divergence& divergence,
                               const std::optional<std::filesystem::path>& newest) {
  const std::string message = "training diverged: " + divergence.what;
  return newest ? message + "; " + printable(newest->native()) + " is the last good checkpoint" : message;
}

std::string fault_message(const Divergence& fault, const std::filesystem::path& run,
                          std::optional<std::int64_t> update) {
  std::string message = divergence_message(fault, std::nullopt) + "; " +
                        printable((run / kPolicyFile).native()) + " holds what was learned before that";
  if (update) {
    message += fmt::format("; once the environment is fixed, {} continues at update {}", resume_command(run),
                           *update);
  }
  return message;
}

}  // namespace ppo
