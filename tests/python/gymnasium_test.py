"""Exported policies in Gymnasium's own environments, played by the example for users."""
import json
import math
import subprocess
import sys
import unittest

from common import ROOT, ProgramTest
from policies import TRAINED

sys.path.insert(0, str(ROOT / "examples"))
import gymnasium_eval  # noqa: E402

EPISODES = 20


class GymnasiumTest(ProgramTest):
    def test_a_trained_agent_solves_their_cartpole(self):
        run = self.train("--config", "cartpole-v1")
        self.ppo_train("export", "run")
        returns = gymnasium_eval.play(run / "agent.onnx", episodes=100)
        print(f"mean {returns.mean():.2f}, min {returns.min():.0f}, max {returns.max():.0f}")
        self.assertEqual(len(returns), 100)
        self.assertGreaterEqual(returns.mean(), 475)

    def test_an_untrained_one_does_not(self):
        run = self.train("--config", "cartpole-v1", "--total-timesteps", "2048")
        self.ppo_train("export", "run")
        self.assertLess(gymnasium_eval.play(run / "agent.onnx", episodes=10).mean(), 475)

    def test_an_agent_of_any_environment_does_as_well_there_as_here(self):
        for name in ("acrobot", "mountain_car", "mountain_car_continuous", "pendulum"):
            with self.subTest(name):
                run = self.train(*TRAINED[name], name=name)
                self.ppo_train("export", name)
                (here,) = json.loads(self.ppo_train("eval", name, "--greedy", "--episodes", EPISODES, "--json"))["agents"]
                there = gymnasium_eval.play(run / "agent.onnx", episodes=EPISODES)
                print(f"{name}: {here['return_mean']:.2f} here, {there.mean():.2f} ± {there.std():.2f} in Gymnasium")
                error = math.hypot(here["return_std"], there.std()) / math.sqrt(EPISODES)
                self.assertLess(abs(here["return_mean"] - there.mean()), 4 * error + 0.01)

    def test_the_example_finds_the_environment_by_itself(self):
        def evaluate(*arguments):
            script = ROOT / "examples/gymnasium_eval.py"
            return subprocess.run([sys.executable, script, *arguments], cwd=self.folder, capture_output=True, text=True)

        self.train("--env", "pendulum", "--total-timesteps", "8192", "--num-envs", "8")
        self.ppo_train("export", "run")
        done = evaluate("run/agent.onnx", "--episodes", "3")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"^Pendulum-v1: return -\d+\.\d\d ± \d+\.\d\d, min .*; 3 greedy episodes\n$")
        self.train("--env", "my_env", "--total-timesteps", "8192", name="own")
        self.ppo_train("export", "own")
        done = evaluate("own/agent.onnx")
        self.assertEqual(done.returncode, 2)
        self.assertIn("an environment that Gymnasium lacks; name another one with --env", done.stderr)


if __name__ == "__main__":
    unittest.main()
