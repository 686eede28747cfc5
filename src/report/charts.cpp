#include "report/charts.hpp"

namespace ppo {

const std::array<Chart, kChartCount>& charts() {
  static constexpr std::array<Chart, kChartCount> all = {{
      {"return", "Return", kReturnMean,
       "The sum of the rewards of an episode, averaged over the episodes that ended in an update. Should "
       "rise, then level off. A lasting fall means that the policy forgets; try a smaller lr, or anneal_lr."},
      {"policy_loss", "Policy loss", kLossPolicy,
       "The clipped objective, slightly below 0 if an update found something to improve. Should hover near "
       "0; "
       "its size says little."},
      {"value_loss", "Value loss", kLossValue,
       "The squared error of the critic, of normalised rewards with norm_reward. Grows while returns grow, "
       "and should fall once they level off."},
      {"entropy", "Entropy", kEntropy,
       "How random the policy is [nat]. Starts at ln(number of actions), or, for each number of a continuous "
       "action, at 1.42 + log_std_init, and should fall slowly. If it collapses (to 0, or far below 0 if "
       "actions are continuous) before the return has risen, the agent no longer explores: raise ent_coef."},
      {"approx_kl", "KL divergence", kApproxKl,
       "How far an update moved the policy [nat]. Should stay below about 0.02. Larger or growing values "
       "mean steps that are too long: lower lr or update_epochs, or set target_kl."},
      {"clip_fraction", "Clip fraction", kClipFraction,
       "The share of samples whose probability ratio left 1 ± clip_coef. Usually between 0.02 and 0.3. "
       "Always 0: the policy hardly changes. Above 0.5: the steps are too long."},
      {"explained_variance", "Explained variance", kExplainedVariance,
       "How much of the returns' variance the critic predicts. Should rise towards 1. At 0 the critic is no "
       "better than a constant, below 0 it is worse. When all episodes go equally well there is little left "
       "to predict, and it falls again."},
      {"grad_norm", "Gradient norm", kGradNorm,
       "The norm of the gradient before it is clipped to max_grad_norm. Should keep its order of magnitude; "
       "sudden growth precedes divergence."},
      {"lr", "Learning rate", kLr, "Constant, or a line down to 0 with anneal_lr."},
      {"steps_per_s", "Steps per second", kMetricCount,
       "Environment steps of all agents per second, averaged since the start. Should be flat; falls when the "
       "machine has other work to do."},
  }};
  return all;
}

}  // namespace ppo
