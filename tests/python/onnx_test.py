"""What export writes as ONNX: a model that the format's own checker takes, and in onnxruntime the same policy."""
import json
import unittest

import numpy as np
import onnx
import onnxruntime

from common import SHORT, ProgramTest
from policies import TRAINED, forward64, observations, own_forward, read_policy


def run_model(file, obs):
    """logits, action, value"""
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    return session.run(["logits", "action", "value"], {"obs": obs})


class OnnxTest(ProgramTest):
    def test_answers_as_ppo_train_does(self):
        for env, flags in TRAINED.items():
            with self.subTest(env):
                run = self.train(*flags, name=env)
                self.ppo_train("export", env)
                tensors = read_policy(run / "policy.safetensors")
                obs = observations(tensors["actor.l1.w"].shape[0])
                logits, action, value = run_model(run / "agent.onnx", obs)
                own_logits, own_value = own_forward(self.folder, tensors, obs)
                logits64 = forward64(tensors, "actor", obs)
                value64 = forward64(tensors, "critic", obs)[:, 0]
                self.assertGreater(np.ptp(logits64), 1)  # it has learned something

                for name, reference in (("ppo_train's", own_logits), ("float64", logits64)):
                    difference = np.abs(logits - reference).max()
                    print(f"{env}: logits differ by {difference:.2e} at most from {name}")
                    self.assertLessEqual(difference, 1e-5)
                for reference in (own_value, value64):
                    self.assertLessEqual((np.abs(value - reference) / np.maximum(1, np.abs(reference))).max(), 1e-5)
                # Where the logits are not as good as equal.
                clear = np.ptp(np.sort(logits64)[:, -2:], axis=1) > 1e-4
                self.assertGreater(clear.mean(), 0.9)
                np.testing.assert_array_equal(action[clear], logits64.argmax(axis=1)[clear])
                np.testing.assert_array_equal(action, logits.argmax(axis=1))

    def test_the_batch_may_have_any_size(self):
        run = self.train(*SHORT)
        self.ppo_train("export", "run")
        obs = observations(4, count=33)
        logits, action, value = run_model(run / "agent.onnx", obs)
        self.assertEqual((logits.shape, action.shape, value.shape), ((33, 2), (33,), (33,)))
        self.assertEqual(action.dtype, np.int64)
        for i in range(33):
            alone, _, _ = run_model(run / "agent.onnx", obs[i:i + 1])
            np.testing.assert_allclose(alone[0], logits[i], rtol=0, atol=1e-6)

    def test_is_a_valid_model_that_says_where_it_comes_from(self):
        run = self.train(*SHORT, "--num-seeds", "3", "--seed", "7")
        self.ppo_train("export", "run", "--agent", "2")
        model = onnx.load(run / "agent2.onnx")
        onnx.checker.check_model(model, full_check=True)
        agent = json.loads((run / "run.json").read_text())["agents"][2]
        self.assertEqual(model.producer_name, "ppo_train")
        self.assertEqual({entry.key: entry.value for entry in model.metadata_props},
                         {"env": "cartpole", "seed": "9", "numerics_version": "1", "param_hash": agent["param_hash"]})
        for value in (*model.graph.input, *model.graph.output):
            self.assertEqual(value.type.tensor_type.shape.dim[0].dim_param, "batch")

    def test_the_same_run_gives_the_same_bytes(self):
        run = self.train(*SHORT)
        files = []
        for name in ("a.onnx", "b.onnx"):
            self.ppo_train("export", "run", name)
            files.append((self.folder / name).read_bytes())
        self.assertEqual(files[0], files[1])
        initializers = {t.name: onnx.numpy_helper.to_array(t) for t in onnx.load(self.folder / "a.onnx").graph.initializer}
        for name, tensor in read_policy(run / "policy.safetensors").items():
            self.assertEqual(initializers[name].tobytes(), tensor.tobytes(), name)


if __name__ == "__main__":
    unittest.main()
