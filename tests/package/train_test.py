"""Training from Python: the same bytes as in a shell, streamed lines, folders, populations, errors."""
import math
import threading
import unittest
from pathlib import Path
from unittest import mock

import numpy as np

import ppo_train
from package import SHORT, PackageTest, content, printed
from ppo_train._program import binary

RESULTS = ("metrics.csv", "policy.safetensors")


class TrainTest(PackageTest):
    def test_trains_what_the_program_trains(self):
        self.train("--config", "cartpole-v1", "--lr", "1e-3", "--total-timesteps", "8192", "--norm-adv", "false", name="shell")
        run, text = printed(ppo_train.train, "cartpole-v1", lr=1e-3, total_timesteps=np.int64(8192), norm_adv=False, out="python")
        self.assertEqual(content("shell", RESULTS), content(run.folder, RESULTS))
        lines = text.splitlines()
        self.assertRegex(lines[0], r"^cartpole on cpu ")
        self.assertRegex(lines[1], r"^Update 0: Return ")
        self.assertIn("saved    python", lines)

    def test_lines_come_while_it_trains(self):
        text = mock.Mock()
        seen = []  # how far the run was when a line came
        text.write.side_effect = lambda _: seen.append(Path("run/run.json").exists())
        with mock.patch("sys.stdout", text):
            ppo_train.train("cartpole-v1", out="run", log_every=1)
        self.assertGreater(seen.count(False), 40)

    def test_quietly_into_the_folder_that_the_program_names(self):
        Path("my config.toml").write_text("num_envs = 8\nnum_steps = 32\ntotal_timesteps = 1536\n")
        run, text = printed(ppo_train.train, Path("my config.toml"), verbose=False, report=True)
        self.assertEqual(text, "")
        self.assertRegex(str(run.folder), r"^runs/my_config-s42-\d{8}-\d{6}$")
        self.assertEqual(run.config["num_envs"], 8)
        self.assertTrue((run.folder / "report.html").is_file())

    def test_a_dict_is_a_config(self):
        first = ppo_train.train(SHORT, out="first run", verbose=False, seed=3)
        again = ppo_train.train(first.config, out=Path("again"), verbose=False)
        self.assertEqual(content(first, RESULTS), content(again, RESULTS))
        self.assertEqual(again.config["stop_at_return"], math.inf)
        other = ppo_train.train({**first.config, "activation": "relu"}, out="other", verbose=False, init_from=None)
        self.assertEqual(other.config, {**first.config, "activation": "relu"})
        later = ppo_train.train({**SHORT, "init_from": first}, out="later", verbose=False)
        self.assertEqual(later.config["init_from"], str((self.folder / "first run").resolve()))

    def test_a_film_on_the_way(self):
        run = ppo_train.train(SHORT, out="run", verbose=False, render=True, render_training="all.gif", tensorboard=True)
        self.assertTrue((run.folder / "film.gif").is_file() and Path("all.gif").is_file())
        self.assertEqual(len(list(run.folder.glob("events*"))), 1)
        other = ppo_train.train(SHORT, out="other", verbose=False, render=False, report=False)
        self.assertFalse((other.folder / "film.gif").exists() or (other.folder / "report.html").exists())

    def test_several_at_once_in_threads(self):
        runs = {}

        def work(seed):
            runs[seed] = ppo_train.train(SHORT, out=f"run{seed}", verbose=False, seed=seed)

        threads = [threading.Thread(target=work, args=(seed,)) for seed in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([runs[seed].config["seed"] for seed in range(3)], [0, 1, 2])
        self.assertEqual(len({content(run, RESULTS)["policy.safetensors"] for run in runs.values()}), 3)


class ErrorTest(PackageTest):
    def test_the_program_judges_what_it_is_given(self):
        self.raises(ppo_train.ConfigError, 2, "train has no flag '--clip-coeff'; did you mean '--clip-coef'?", clip_coeff=0.2)
        self.raises(ppo_train.ConfigError, 2, "the dict: unknown key 'clip_coeff'; did you mean 'clip_coef'?",
                    {"clip_coeff": 0.2})
        self.raises(ppo_train.ConfigError, 2, "--total-timesteps takes a whole number (1 to 1000000000000000), not 10000.0; "
                    "for example --total-timesteps 500000", total_timesteps=1e4)
        self.raises(ppo_train.NoDevice, 3, "device cuda", device="cuda:99")
        self.assertFalse(Path("runs").exists())

    def test_a_folder_that_exists_is_left_alone(self):
        run = ppo_train.train(SHORT, out="run", verbose=False)
        before = content(run, RESULTS)
        self.raises(ppo_train.ConfigError, 2, "--out 'run' already exists; write the name of a new folder", out="run")
        self.assertEqual(content(run, RESULTS), before)

    def test_a_run_that_diverges(self):
        self.raises(ppo_train.Diverged, 4, "diverged", {"env": "pendulum"}, **SHORT, lr=1.0, max_grad_norm=1e30, vf_coef=1e30,
                    out="run")
        run = ppo_train.Run("run")
        self.assertEqual(run.summary["stopped_by"], "diverged")
        with self.assertRaisesRegex(ppo_train.ConfigError, "policy.safetensors; the run .* diverged; ppo_train.resume goes on"):
            run.policy()

    def test_flags_that_are_for_the_shell(self):
        for name in ("quiet", "no_out", "print_config", "help"):
            self.raises(ppo_train.ConfigError, None, f"'{name}' is a flag for the shell; ", **{name: True})

    def test_a_program_that_fails_otherwise(self):
        for body, kind, code, text in (("echo 'ppo_train: no room' >&2; exit 1", ppo_train.RunFailed, 1, "no room"),
                                       ("kill -KILL $$", ppo_train.RunFailed, 137, "ended by signal 9"),
                                       ("kill -TERM $$", ppo_train.Stopped, 143, "stopped by SIGTERM"),
                                       ("echo 'resume   ppo_train resume runs/a'; exit 143", ppo_train.Stopped, 143,
                                        "stopped by SIGTERM; go on with ppo_train resume runs/a"),
                                       ("echo 'ended    after 8 steps; go on with ppo_train resume sweeps/a'; exit 130",
                                        ppo_train.Stopped, 130, "stopped by SIGINT; go on with ppo_train resume sweeps/a"),
                                       ("exit 129", ppo_train.Stopped, 129, "stopped by SIGHUP")):
            program = self.folder / "program"
            program.write_text(f"#!/bin/sh\n{body}\n")
            program.chmod(0o755)
            with mock.patch.dict("os.environ", PPO_TRAIN_BINARY=str(program)):
                self.raises(kind, code, text)

    def test_without_a_program(self):
        with mock.patch.dict("os.environ", PATH="", PPO_TRAIN_BINARY=""), \
             mock.patch("ppo_train._program._script_folders", return_value=[]):
            self.raises(ppo_train.Error, None, "install the wheel of ppo_train, or build the program and set PPO_TRAIN_BINARY")
            with mock.patch.dict("os.environ", PPO_TRAIN_BINARY="nowhere"):
                self.raises(ppo_train.Error, None, "PPO_TRAIN_BINARY is 'nowhere', which is no program")

    def test_the_installed_program_goes_before_the_path(self):
        for folder in ("scripts", "path"):
            Path(folder).mkdir()
            Path(folder, "ppo_train").write_text("#!/bin/sh\n")
            Path(folder, "ppo_train").chmod(0o755)
        with mock.patch.dict("os.environ", PATH="path", PPO_TRAIN_BINARY=""), \
             mock.patch("ppo_train._program._script_folders", return_value=[Path("missing"), Path("scripts")]) as folders:
            self.assertEqual(binary(), "scripts/ppo_train")
            folders.return_value = [Path("missing")]
            self.assertEqual(binary(), "path/ppo_train")

    def raises(self, kind, exit_code, text, config=None, **keywords):
        with self.assertRaises(kind) as caught:
            printed(ppo_train.train, config, **keywords)
        self.assertIs(type(caught.exception), kind)
        self.assertIn(text, str(caught.exception))
        self.assertEqual(caught.exception.exit_code, exit_code)


if __name__ == "__main__":
    unittest.main()
