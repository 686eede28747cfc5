"""Policies as Stable-Baselines3's models: shapes, kinds, seeds; and episodes in Gymnasium."""
import inspect
import unittest

import gymnasium
import numpy as np

import ppo_train
from package import SHORT, PackageTest


class PolicyTest(PackageTest):
    def test_shapes_of_discrete_actions(self):
        policy = ppo_train.train(SHORT, out="run", verbose=False).policy()
        for obs, shape in ((np.ones(4), ()), (np.ones((1, 4), np.float32), (1,)), ([[1, 2, 3, 4]] * 5, (5,)),
                           (np.ones((0, 4)), (0,))):
            actions, state = policy.predict(obs)
            self.assertIsInstance(actions, np.ndarray)
            self.assertEqual((actions.shape, actions.dtype, state), (shape, np.int64, None))
            self.assertEqual(policy.act(obs, deterministic=False).shape, shape)
            self.assertEqual((policy.logits(obs).shape, policy.value(obs).shape), ((*shape, 2), shape))
        self.assertEqual(policy.predict(np.ones(4), state=("kept",), episode_start=np.array([True]))[1], ("kept",))
        self.assertEqual(repr(policy), "<ppo_train.Policy of cartpole: observation (4,) -> one of 2 actions>")
        with self.assertRaisesRegex(TypeError, "actions of cartpole are discrete and have no mean; call logits"):
            policy.mean(np.ones(4))

    def test_shapes_of_continuous_actions(self):
        policy = ppo_train.train(SHORT, out="run", verbose=False, env="pendulum", norm_obs=True).policy()
        for obs, shape in ((np.ones(3), (1,)), (np.ones((1, 3)), (1, 1)), (np.ones((5, 3)), (5, 1))):
            for actions in (policy.predict(obs)[0], policy.act(obs, deterministic=False), policy.mean(obs)):
                self.assertEqual((actions.shape, actions.dtype), (shape, np.float32))
            self.assertEqual(policy.value(obs).shape, shape[:-1])
        self.assertEqual(repr(policy), "<ppo_train.Policy of pendulum: observation (3,) -> action (1,)>")
        drawn = policy.act(np.ones((10_000, 3)), deterministic=False, rng=np.random.default_rng(0))
        self.assertEqual((drawn.min(), drawn.max()), (-2, 2))
        inside = drawn[np.abs(drawn) < 2]
        self.assertAlmostEqual(float(np.median(drawn)), float(policy.mean(np.ones(3))[0]), delta=0.05)
        self.assertGreater(inside.std(), 0.5)
        with self.assertRaisesRegex(TypeError, "actions of pendulum are continuous and have no logits; call mean"):
            policy.logits(np.ones(3))

    def test_an_observation_of_another_shape(self):
        policy = ppo_train.train(SHORT, out="run", verbose=False).policy()
        for obs in (1.0, np.ones(3), np.ones((4, 5)), np.ones((2, 2, 4))):
            with self.assertRaisesRegex(ValueError, r"an observation of cartpole is \(4,\), a batch \(B, 4\); this is \("):
                policy.predict(obs)

    def test_an_observation_that_is_no_number(self):
        policy = ppo_train.train(SHORT, out="run", verbose=False).policy()
        for obs, text in (([0, np.nan, 0, 0], "of finite numbers; this holds nan"), ([[0, 0, 0, -np.inf]], "this holds -inf"),
                          ([1e39, 0, 0, 0], "this holds inf"), (np.ones(4, complex), "real numbers; this is of complex128"),
                          ([1j] * 4, "complex128"), (["1"] * 4, "of <U1"), ([None] * 4, "of object")):
            for call in (policy.act, policy.predict, policy.value, policy.logits):
                with self.assertRaisesRegex(ValueError, f"^an observation of cartpole is .*{text}$"):
                    call(obs)

    def test_predict_has_the_parameters_of_stable_baselines3(self):
        names = list(inspect.signature(ppo_train.Policy.predict).parameters)
        self.assertEqual(names, ["self", "observation", "state", "episode_start", "deterministic"])

    def test_samples_follow_the_logits_and_the_seed(self):
        policy = ppo_train.train("cartpole-v1", out="run", verbose=False, total_timesteps=8192).policy()
        obs = [0.0, 0.0, -0.01, 0.0]
        p = np.exp(policy.logits(obs).astype(float))
        p /= p.sum()
        self.assertTrue(0.05 < p[1] < 0.95, p)
        policy.set_random_seed(3)
        drawn = policy.predict([obs] * 20_000, deterministic=False)[0]
        self.assertLess(abs(drawn.mean() - p[1]), 4 * np.sqrt(p[0] * p[1] / 20_000))
        policy.set_random_seed(3)
        np.testing.assert_array_equal(policy.act([obs] * 20_000, deterministic=False), drawn)
        np.testing.assert_array_equal(policy.act([obs] * 20_000, False, np.random.default_rng(3)), drawn)
        np.testing.assert_array_equal(policy.act([obs] * 20_000, False, rng=3), drawn)
        self.assertTrue((policy.act([obs] * 100) == p.argmax()).all())


class EvaluateTest(PackageTest):
    def test_episodes_in_gymnasium(self):
        run = ppo_train.train("cartpole-v1", out="run", verbose=False)
        env = gymnasium.make("CartPole-v1")
        solved = ppo_train.evaluate(run.policy(), env, episodes=10, seed=0)
        self.assertEqual((solved.mean, solved.std), (500, 0))
        self.assertEqual((solved.returns.dtype, solved.lengths.tolist()), (np.float64, [500] * 10))
        self.assertEqual(repr(solved), "<ppo_train.Evaluation: return 500.00 ± 0.00 over 10 episodes>")

    def test_the_same_seed_plays_the_same_episodes(self):
        policy = ppo_train.train(SHORT, out="run", verbose=False).policy()
        env = gymnasium.make("CartPole-v1")
        for deterministic in (True, False):
            first, again, other = (ppo_train.evaluate(policy, env, 8, seed, deterministic) for seed in (1, 1, 100))
            np.testing.assert_array_equal(first.returns, again.returns)
            np.testing.assert_array_equal(first.returns, first.lengths)  # CartPole's reward is 1 a step
            self.assertFalse((first.returns == other.returns).all())
        shifted = ppo_train.evaluate(policy, env, 7, seed=2)
        np.testing.assert_array_equal(shifted.returns, ppo_train.evaluate(policy, env, 8, seed=1).returns[1:])
        with self.assertRaisesRegex(ValueError, "episodes is 0; write 1 or more"):
            ppo_train.evaluate(policy, env, 0)
        with self.assertRaisesRegex(ValueError, "env is a vector of 2 environments; write a single one"):
            ppo_train.evaluate(policy, gymnasium.make_vec("CartPole-v1", 2))

    def test_continuous_actions_are_taken_as_they_are(self):
        run = ppo_train.train(SHORT, out="run", verbose=False, env="pendulum")
        played = ppo_train.evaluate(run.policy(), gymnasium.make("Pendulum-v1"), 2, seed=0, deterministic=False)
        self.assertEqual(played.lengths.tolist(), [200, 200])
        self.assertLess(played.mean, -100)


if __name__ == "__main__":
    unittest.main()
