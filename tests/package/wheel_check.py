"""The installed wheel, in a Python that has nothing else of ours: python/pack_wheel.sh runs it in a fresh one.

    PYTHON -I tests/package/wheel_check.py WHEEL
"""
import os
import re
import subprocess
import sys
import tempfile
import unittest
from importlib import metadata, util
from pathlib import Path

import numpy as np

import ppo_train

WHEEL = Path(sys.argv.pop())
COMMAND = Path(sys.prefix, "bin/ppo_train")


class WheelTest(unittest.TestCase):
    def test_runs_on_any_python_and_says_what_it_needs(self):
        self.assertRegex(WHEEL.name, r"^ppo_train-\d+\.\d+\.\d+-py3-none-manylinux_2_\d+_(x86_64|aarch64)(\.manylinux\w+)*\.whl$")
        self.assertLessEqual(WHEEL.stat().st_size, 15e6)
        self.assertEqual(metadata.version("ppo_train"), ppo_train.__version__)
        self.assertEqual(len(metadata.requires("ppo_train")), 1)
        self.assertRegex(metadata.requires("ppo_train")[0], "^numpy")

    def test_holds_the_module_the_program_and_licences(self):
        files = {re.sub(r"^.*/bin/", "bin/", str(file)) for file in metadata.files("ppo_train") if "__pycache__" not in str(file)}
        modules = {file for file in files if file.startswith("ppo_train/")}
        self.assertTrue({"ppo_train/__init__.py", "ppo_train/py.typed", "ppo_train/_policy.py"} <= modules)
        others = {re.sub(r"^.*\.dist-info/", "", file) for file in files - modules}
        by_pip = {"INSTALLER", "REQUESTED", "direct_url.json"}
        self.assertEqual(others - by_pip, {"bin/ppo_train", "METADATA", "RECORD", "WHEEL", "licenses/LICENSE",
                                           "licenses/copyright"})

    def test_the_command_is_the_program_itself(self):
        self.assertTrue(COMMAND.read_bytes().startswith(b"\x7fELF"))
        needed = subprocess.run(["/usr/bin/ldd", COMMAND], capture_output=True, text=True, check=True).stdout
        libraries = set(re.findall(r"^\s*(?:/\S*/)?([\w+.-]+?)[.-]\S* ", needed, flags=re.M))
        self.assertLessEqual(libraries, {"linux", "libm", "libc", "ld"}, needed)
        said = subprocess.run([COMMAND, "--version"], capture_output=True, text=True, check=True).stdout
        self.assertEqual(said.splitlines()[0], f"ppo_train {ppo_train.__version__}")

    def test_trains_and_acts(self):
        with tempfile.TemporaryDirectory() as folder:
            run = ppo_train.train("cartpole-v1", seed=1, out=Path(folder, "a run"), verbose=False, report=True)
            self.assertGreater(run.summary["agents"][0]["return_100"], 475)
            self.assertEqual(run.summary["agents"][0]["param_hash"], "0xc8704f7e16b7b26b")
            policy = run.policy()
            self.assertEqual(policy.predict(np.zeros((3, 4)))[0].shape, (3,))
            self.assertTrue(run.render(size="60x40").path.is_file() and run.export().is_file())
            continuous = ppo_train.train(env="pendulum", total_timesteps=8192, out=Path(folder, "b"), verbose=False).policy()
            self.assertEqual(continuous.act(np.zeros(3)).shape, (1,))
            with self.assertRaises(ppo_train.ConfigError):
                ppo_train.train("cartpole-v1", out=run, verbose=False)

    def test_resumes_reports_and_sweeps(self):
        with tempfile.TemporaryDirectory() as folder:
            config = {"env": "cartpole", "max_episode_steps": 500, "num_envs": 8, "total_timesteps": 16_384}
            run = ppo_train.train(config, out=Path(folder, "run"), verbose=False)
            longer = ppo_train.resume(run, total_timesteps=32_768, verbose=False)
            self.assertEqual(longer.metrics["steps"][-1], 32_768)
            self.assertIn("</html>", longer.report().path.read_text())
            space = {"lr": {"values": np.logspace(-4, -2, 3)}}
            sweep = ppo_train.sweep({**config, "sweep": {"space": space}}, trials=3, seeds_per_trial=2, confirm_trials=1,
                                    confirm_seeds=2, metric="return_100", grace_steps=4096, verbose=False,
                                    out=Path(folder, "sweep"))
            self.assertEqual(len(sweep.trials["score"]), 3)
            self.assertEqual(ppo_train.train(sweep.best, out=Path(folder, "best"), verbose=False).config["lr"], sweep.best["lr"])

    @unittest.skipUnless(util.find_spec("gymnasium"), "there is no gymnasium")
    def test_plays_in_gymnasium(self):
        import gymnasium

        with tempfile.TemporaryDirectory() as folder:
            policy = ppo_train.train("cartpole-v1", seed=1, out=Path(folder, "run"), verbose=False).policy()
            self.assertGreater(ppo_train.evaluate(policy, gymnasium.make("CartPole-v1"), episodes=20, seed=0).mean, 475)


if __name__ == "__main__":
    os.environ.pop("PPO_TRAIN_BINARY", None)
    os.environ["PATH"] = ""  # the module finds the program beside its Python
    unittest.main()
