"""An exported policy in Gymnasium's own CartPole-v1, played by the example for users."""
import sys
import unittest

from common import ROOT, ProgramTest

sys.path.insert(0, str(ROOT / "examples"))
import gymnasium_eval  # noqa: E402


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


if __name__ == "__main__":
    unittest.main()
