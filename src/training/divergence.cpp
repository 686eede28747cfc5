#include "training/divergence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "system/text.hpp"

namespace ppo {
namespace {

/// float32 overflows at 3e38, and the gradient's norm sums up squares: what comes near 1e19 will overflow
/// there. Nothing that learns comes within orders of magnitude of this.
constexpr double kHuge = 1e15;

constexpr const char* kLargeSteps =
    "; most likely its steps are too large, train with a smaller lr or max_grad_norm";

double size_of(float number) {
  return std::isfinite(number) ? std::abs(static_cast<double>(number)) : 1;
}

/// A term of the loss: its size, or that of its coefficient where the term itself cannot be known any more.
struct Term {
  const char* coefficient;
  float value;
  double size;
};

std::string cause_of(const Record& record, const Hyper& hyper) {
  const UpdateRow& row = record.row;
  const Term value{"vf_coef", hyper.vf_coef, static_cast<double>(hyper.vf_coef) * size_of(row.loss_value)};
  const Term entropy{"ent_coef", hyper.ent_coef, static_cast<double>(hyper.ent_coef) * size_of(row.entropy)};
  const float largest = row.episodes > 0 ? std::max(std::abs(row.return_min), std::abs(row.return_max)) : 0;
  const auto largest_return = static_cast<double>(largest);
  if (largest_return >= kHuge) {
    return fmt::format("; most likely its returns, as large as {:.3g}, are too large: scale the rewards down",
                       largest_return);
  }
  const Term& term = std::max(value, entropy, [](const Term& a, const Term& b) { return a.size < b.size; });
  if (term.size < kHuge) return kLargeSteps;
  return fmt::format(
      "; most likely {0} = {1:g} makes its term of the loss too large: train with a smaller {0}",
      term.coefficient, term.value);
}

}  // namespace

std::optional<std::string> find_divergence(std::span<const Record> records, const Hyper& hyper) {
  struct Quantity {
    const char* name;
    double value;
  };
  for (const Record& record : records) {
    const UpdateRow& row = record.row;
    const auto what = [&](const char* name) {
      return fmt::format("the {} of agent {} is not finite in update {}", name, record.agent, row.update);
    };
    // From which all else would follow.
    if (!std::isfinite(row.return_sum))
      return what("return") + "; the environment gave a reward that is not finite";
    const Quantity quantities[] = {{"policy loss", static_cast<double>(row.loss_policy)},
                                   {"value loss", static_cast<double>(row.loss_value)},
                                   {"entropy", static_cast<double>(row.entropy)},
                                   {"gradient norm", static_cast<double>(row.grad_norm)}};
    for (const Quantity& quantity : quantities) {
      if (!std::isfinite(quantity.value)) return what(quantity.name) + cause_of(record, hyper);
    }
  }
  return std::nullopt;
}

std::string parameter_divergence(std::size_t agent, std::int64_t update) {
  return fmt::format("a parameter of agent {} is not finite after update {}{}", agent, update, kLargeSteps);
}

std::string divergence_message(const std::string& divergence,
                               const std::optional<std::filesystem::path>& newest) {
  const std::string message = "training diverged: " + divergence;
  return newest ? message + "; " + printable(newest->native()) + " is the last good checkpoint" : message;
}

}  // namespace ppo
