"""The package's policies compute what the program computes, of every environment, size and activation."""
import unittest

import numpy as np
import onnxruntime

import ppo_train
from package import PackageTest
from policies import TRAINED, observations, own_forward, read_policy, sizes64


class NumbersTest(PackageTest):
    def test_outputs_and_values_are_the_programs(self):
        for name, flags in TRAINED.items():
            with self.subTest(name):
                policy, reference, obs = self.trained(name, flags)
                outputs, values = own_forward(self.folder, reference, obs, name)
                mine = policy.logits(obs) if reference.is_discrete else policy.mean(obs)
                self.assertEqual((mine.shape, mine.dtype), (outputs.shape, np.float32))
                error = (np.abs(mine - outputs) / sizes64(reference, "actor", obs)).max()
                of_value = (np.abs(policy.value(obs) - values) / sizes64(reference, "critic", obs)[:, 0]).max()
                print(f"{name}: outputs differ by {error:.1e} at most, values by {of_value:.1e}, relative to their terms; "
                      f"absolutely by {np.abs(mine - outputs).max():.1e} and {np.abs(policy.value(obs) - values).max():.1e}")
                self.assertLessEqual(max(error, of_value), 1e-6)
                actions = policy.act(obs)
                np.testing.assert_array_equal(actions, reference.act(mine))
                if reference.is_discrete:
                    np.testing.assert_array_equal(actions, outputs.argmax(axis=1))
                else:
                    difference = np.abs(actions - reference.act(outputs))
                    print(f"{name}: actions differ by {difference.max():.1e} at most, {(difference == 0).mean():.0%} are equal")
                    self.assertLessEqual(difference.max(), 1e-6)

    def test_actions_are_those_of_the_onnx_export(self):
        for name in ("cartpole_relu", "pendulum"):
            policy, reference, obs = self.trained(name, TRAINED[name])
            file = ppo_train.Run(name).export()
            session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
            action, value = session.run(["action", "value"], {"obs": obs})
            if reference.is_discrete:
                np.testing.assert_array_equal(policy.act(obs), action)
            else:
                np.testing.assert_allclose(policy.act(obs), action, rtol=0, atol=1e-5)
                np.testing.assert_array_equal(np.abs(policy.act(obs)) == 2, np.abs(action) == 2)
            np.testing.assert_allclose(policy.value(obs), value, rtol=1e-5, atol=1e-5)

    def test_a_population_has_the_policies_of_its_agents(self):
        flags = ("--config", "cartpole-v1", "--norm-obs", "true", "--total-timesteps", "8192")
        self.train(*flags, "--num-seeds", "3", "--seed", "5", "--eval-every", "1", name="all")
        self.train(*flags, "--seed", "7", "--eval-every", "1", name="one")
        obs = observations(4)
        for best in (False, True):
            of_all, of_one = (ppo_train.Run(run).policy(agent, best) for run, agent in (("all", 2), ("one", 0)))
            np.testing.assert_array_equal(of_all.logits(obs), of_one.logits(obs))
            np.testing.assert_array_equal(of_all.value(obs), of_one.value(obs))
            self.assertGreater(np.abs(of_all.logits(obs) - ppo_train.Run("all").policy(1, best).logits(obs)).max(), 1e-3)

    def trained(self, name, flags):
        """(the package's policy, what the file holds, observations)."""
        run = self.train(*flags, name=name)
        reference = read_policy(run / "policy.safetensors")
        return ppo_train.Run(run).policy(), reference, observations(reference.observation_size)


if __name__ == "__main__":
    unittest.main()
