// A sweep on a card is the sweep on the CPU, to the byte.
#include "config/sweep/sweep_reader.hpp"
#include "cuda/stand_in_runs.hpp"
#include "sweep/folder/tables.hpp"
#include "unit/sweep/sweeps.hpp"

namespace ppo::test {
namespace {

using CudaSweeps = OnStandIn;

std::string swept(SweepConfig sweep, const std::string& device) {
  sweep.config.run.device = device;
  SweepState state = first_state(sweep);
  Patient watch;
  EXPECT_TRUE(advance(sweep, state, watch));
  return trials_csv(sweep, state) + curves_csv(state) + confirmed_csv(sweep, state);
}

TEST_F(CudaSweeps, EndWithTheBytesOfThoseOnTheCpu) {
  for (const std::string method : {"halving", "pbt"}) {
    SCOPED_TRACE(method);
    const SweepConfig sweep = read_sweep(
        "env = \"cartpole\"\nmax_episode_steps = 500\nnum_envs = 5\nnum_steps = 6\nnum_minibatches = 2\n"
        "total_timesteps = 240\nhidden_size = 32\neval_episodes = 2\nupdate_epochs = 2\nthreads = 1\n"
        "[sweep]\ntrials = 4\nmethod = \"" +
            method +
            "\"\nseeds_per_trial = 1\ngrace_steps = 60\neval_steps = 60\ntarget_return = 10\n"
            "confirm_trials = 1\nconfirm_seeds = 1\n[sweep.space]\n"
            "lr = { min = 1e-4, max = 1e-2, scale = \"log\" }\nnorm_obs = { values = [false, true] }\n",
        "sweep.toml");
    const std::string on_cpu = swept(sweep, "cpu");
    EXPECT_EQ(swept(sweep, "cuda"), on_cpu);
    EXPECT_NE(on_cpu.find("finished"), std::string::npos);
  }
}

}  // namespace
}  // namespace ppo::test
