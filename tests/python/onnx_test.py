"""What export writes as ONNX: a model that the format's own checker takes, and in onnxruntime the same policy."""
import json
import unittest

import numpy as np
import onnx
import onnxruntime

from common import SHORT, ProgramTest
from policies import TRAINED, forward64, observations, own_forward, read_policy, sizes64


def run_model(file, obs):
    """The outputs by name."""
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    return dict(zip([output.name for output in session.get_outputs()], session.run(None, {"obs": obs})))


class OnnxTest(ProgramTest):
    def test_answers_as_ppo_train_does(self):
        for name, flags in TRAINED.items():
            with self.subTest(name):
                run = self.train(*flags, name=name)
                self.ppo_train("export", name)
                policy = read_policy(run / "policy.safetensors")
                obs = observations(policy.observation_size)
                answers = run_model(run / "agent.onnx", obs)
                self.assertEqual(set(answers), {"action", "value", *(["logits"] if policy.is_discrete else ["mean", "log_std"])})
                outputs = answers["logits" if policy.is_discrete else "mean"]
                own_outputs, own_value = own_forward(self.folder, policy, obs, name)
                outputs64 = forward64(policy, "actor", obs)
                value64 = forward64(policy, "critic", obs)[:, 0]
                self.assertGreater(np.ptp(outputs64), 0.1)  # it has learned something

                sizes = sizes64(policy, "actor", obs)
                value_sizes = sizes64(policy, "critic", obs)[:, 0]
                for whose, own, value in (("ppo_train's", own_outputs, own_value), ("float64", outputs64, value64)):
                    difference = (np.abs(outputs - own) / sizes).max()
                    of_value = (np.abs(answers["value"] - value) / value_sizes).max()
                    print(f"{name}: at most {difference:.2e} of outputs, {of_value:.2e} of values from {whose}")
                    self.assertLessEqual(max(difference, of_value), 4e-6)
                np.testing.assert_array_equal(answers["action"], policy.act(outputs))
                if policy.is_discrete:  # where the logits are not as good as equal
                    clear = np.ptp(np.sort(outputs64)[:, -2:], axis=1) > 1e-4 * sizes.max(axis=1)
                    self.assertGreater(clear.mean(), 0.9)
                    np.testing.assert_array_equal(answers["action"][clear], outputs64.argmax(axis=1)[clear])
                else:
                    self.assertEqual(answers["action"].dtype, np.float32)
                    np.testing.assert_array_equal(answers["log_std"], policy["actor.log_std"])

    def test_the_batch_may_have_any_size(self):
        run = self.train(*SHORT)
        self.ppo_train("export", "run")
        obs = observations(4, count=33)
        answers = run_model(run / "agent.onnx", obs)
        shapes = {name: answer.shape for name, answer in answers.items()}
        self.assertEqual(shapes, {"logits": (33, 2), "action": (33,), "value": (33,)})
        self.assertEqual(answers["action"].dtype, np.int64)
        for i in range(33):
            alone = run_model(run / "agent.onnx", obs[i:i + 1])
            np.testing.assert_allclose(alone["logits"][0], answers["logits"][i], rtol=0, atol=1e-6)

    def test_shapes_of_continuous_actions(self):
        run = self.train("--env", "pendulum", *SHORT, "--norm-obs", "true")
        self.ppo_train("export", "run")
        for count in (1, 7):
            answers = run_model(run / "agent.onnx", observations(3, count=count))
            shapes = {name: answer.shape for name, answer in answers.items()}
            self.assertEqual(shapes, {"mean": (count, 1), "log_std": (1,), "action": (count, 1), "value": (count,)})

    def test_is_a_valid_model_that_says_where_it_comes_from(self):
        for env, more in (("cartpole", ()), ("pendulum", ("--norm-obs", "true", "--activation", "relu"))):
            run = self.train(*SHORT, "--env", env, "--num-seeds", "3", "--seed", "7", *more, name=env)
            self.ppo_train("export", env, "--agent", "2")
            model = onnx.load(run / "agent2.onnx")
            onnx.checker.check_model(model, full_check=True)
            agent = json.loads((run / "run.json").read_text())["agents"][2]
            self.assertEqual(model.producer_name, "ppo_train")
            self.assertEqual({entry.key: entry.value for entry in model.metadata_props},
                             {"env": env, "seed": "9", "numerics_version": "2", "param_hash": agent["param_hash"]})
            for value in (*model.graph.input, *model.graph.output):
                if value.name != "log_std":
                    self.assertEqual(value.type.tensor_type.shape.dim[0].dim_param, "batch", value.name)

    def test_the_same_run_gives_the_same_bytes(self):
        run = self.train(*SHORT)
        files = []
        for name in ("a.onnx", "b.onnx"):
            self.ppo_train("export", "run", name)
            files.append((self.folder / name).read_bytes())
        self.assertEqual(files[0], files[1])
        initializers = {t.name: onnx.numpy_helper.to_array(t) for t in onnx.load(self.folder / "a.onnx").graph.initializer}
        for name, tensor in read_policy(run / "policy.safetensors").tensors.items():
            self.assertEqual(initializers[name].tobytes(), tensor.tobytes(), name)


if __name__ == "__main__":
    unittest.main()
