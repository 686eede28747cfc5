"""Whatever is wrong with files, paths and the program, the package says so in one line, as a ppo_train.Error."""
import unittest
from pathlib import Path
from unittest import mock

import numpy as np

import ppo_train
from package import SHORT, PackageTest, printed

GARBAGE = b"\xff\x00 = [{"
NOT_PATHS = (3, False, 0.5, [])
SWEPT = {**SHORT, "max_episode_steps": 500}
FEW = {"trials": 2, "metric": "return_100", "seeds_per_trial": 1, "confirm_trials": 1, "confirm_seeds": 1, "grace_steps": 512,
       "eval_steps": 512}


class ErrorsTest(PackageTest):
    def test_damaged_files_of_a_run(self):
        ppo_train.train(SHORT, out="run", verbose=False, eval_every=2, eval_episodes=1)
        reads = {"config.toml": "config", "run.json": "summary", "metrics.csv": "metrics", "evals.csv": "evals",
                 "timing.csv": "timing"}
        for name, read in reads.items():
            self.damage("run", name, lambda read=read: getattr(ppo_train.Run("run"), read))
        for name in ("policy.safetensors", "best.safetensors"):
            self.damage("run", name, lambda best=name == "best.safetensors": ppo_train.Run("run").policy(best=best))

    def test_damaged_files_of_a_sweep(self):
        ppo_train.sweep({**SWEPT, "sweep": {**FEW, "space": {"lr": {"values": [1e-3, 1e-2]}}}}, out="sweep", verbose=False)
        reads = {"sweep.toml": "config", "sweep.json": "summary", "trials.csv": "trials", "confirmed.csv": "confirmed",
                 "curves.csv": "curves", "best.toml": "best"}
        for name, read in reads.items():
            self.damage("sweep", name, lambda read=read: getattr(ppo_train.Sweep("sweep"), read))

    def test_a_damaged_folder_is_shown_nevertheless(self):
        run = ppo_train.train(SHORT, out="run", verbose=False)
        for name in ("run.json", "config.toml"):
            for content in (GARBAGE, b"{}" if name == "run.json" else b""):
                Path("run", name).write_bytes(content)
                shown = ppo_train.Run(run)
                self.assertRegex(repr(shown), f"^<ppo_train.Run 'run': error run/{name} is damaged: .+>$")
                self.assertIn(f"run/{name} is damaged: ", shown._repr_html_())

    def test_what_is_no_policy(self):
        run = ppo_train.train(SHORT, out="run", verbose=False)
        checkpoint = max(Path("run/checkpoints").iterdir())
        with self.assertRaisesRegex(ppo_train.ConfigError, "is a checkpoint, not a policy; 'ppo_train export (.*)'") as caught:
            ppo_train.Policy(checkpoint)
        command = str(caught.exception).split("'")[1].split()
        self.ppo_train(*command[1:])  # does what it says
        np.testing.assert_array_equal(ppo_train.Policy("policy.safetensors").logits(np.ones(4)),
                                      run.policy().logits(np.ones(4)))
        header = b'{"a":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}'
        Path("foreign.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + b"\0\0")
        for file, text in (("foreign.safetensors", "is no policy of ppo_train; write a run's policy.safetensors"),
                           ("missing", "missing cannot be read: No such file or directory"), (3, "file is 3; write a path"),
                           (run, r"run is a folder; ppo_train.Run\('run'\).policy\(\) opens the policy of a run")):
            with self.assertRaisesRegex(ppo_train.ConfigError, text):
                ppo_train.Policy(file)
        policy = Path("run/policy.safetensors")
        policy.write_bytes(policy.read_bytes().replace(b'"actor.l1.w"', b'"actor.l9.w"'))
        with self.assertRaisesRegex(ppo_train.Error, r"is damaged: there is no 'actor.l1.w' in it"):
            run.policy()

    def test_what_is_no_path_is_refused_before_anything_runs(self):
        run = ppo_train.train(SHORT, out="run", verbose=False)
        before = sorted(Path(".").rglob("*"))
        for wrong in NOT_PATHS:
            for name, call in {"out": lambda wrong=wrong: ppo_train.train(SHORT, out=wrong),
                               "folder": lambda wrong=wrong: ppo_train.resume(wrong),
                               "config": lambda wrong=wrong: ppo_train.sweep(wrong),
                               "the file": lambda wrong=wrong: run.render(wrong)}.items():
                self.raises(f"^{name} is .*; write a path$", call)
            self.raises("; write a path$", lambda wrong=wrong: run.report(out=wrong))
            self.raises("; write a path$", lambda wrong=wrong: ppo_train.Run(wrong))
        self.raises("^config is None; write a path$", lambda: ppo_train.sweep(None))
        self.raises("cannot be handed to the program: embedded null byte", lambda: ppo_train.train(SHORT, out="a\0b"))
        self.raises("cannot be handed to the program: .*surrogates", lambda: ppo_train.train(SHORT, out="a\ud800b"))
        self.raises(r"^the dict holds '.*\\ud800.*', which is no Unicode text$", lambda: ppo_train.train({"env": "a\ud800"}))
        self.assertEqual(sorted(Path(".").rglob("*")), before)

    def test_arrays_are_judged_by_the_program(self):
        self.raises(r"^--lr takes a number \(above 0, at most 1\), not '\[0.001, 0.0001\]'",
                    lambda: ppo_train.train(SHORT, lr=np.array([1e-3, 1e-4])))
        self.raises(r"^the dict: lr takes a number \(above 0, at most 1\), not an array",
                    lambda: ppo_train.train({"lr": np.array([1e-3, 1e-4])}))
        space = {"lr": {"values": np.array([0.5, 0.25])}}
        sweep = ppo_train.sweep({**SWEPT, "lr": 0.25, "sweep": {**FEW, "space": space}}, out="sweep", verbose=False)
        self.assertEqual(sweep.config["sweep"]["space"]["lr"], {"values": [0.5, 0.25]})
        self.assertLessEqual(set(sweep.trials["lr"]), {0.5, 0.25})

    def test_a_program_that_cannot_be_run(self):
        program = self.folder / "program"
        program.write_bytes(GARBAGE)
        program.chmod(0o755)
        with mock.patch.dict("os.environ", PPO_TRAIN_BINARY=str(program)), \
             self.assertRaisesRegex(ppo_train.Error, "program cannot be run: Exec format error"):
            ppo_train.train(SHORT)
        run = ppo_train.train(SHORT, env="pendulum", out="run", verbose=False)
        program.write_text("#!/bin/sh\n")  # some other program
        with mock.patch.dict("os.environ", PPO_TRAIN_BINARY=str(program)), \
             self.assertRaisesRegex(ppo_train.Error, "program is damaged: "):
            run.policy()

    def test_a_shown_file_that_is_gone(self):
        run = ppo_train.train(SHORT, out="run", verbose=False)
        for file in (run.report(), run.render(size="60x40")):
            file.path.unlink()
            self.raises(f"^{file.path} cannot be read: No such file or directory$", file._repr_html_)

    def damage(self, folder, name, read):
        """Damages a file in every way, and puts it back."""
        file = Path(folder, name)
        whole = file.read_bytes()
        is_table = name.endswith(".csv")
        for content in (GARBAGE, *([b"", b"a,b\n1\n", b'a\n"' + b"1" * 200_000] if is_table else [])):
            file.write_bytes(content)
            with self.assertRaisesRegex(ppo_train.Error, rf"^{file} is damaged: ."):
                read()
        file.unlink()
        with self.assertRaisesRegex(ppo_train.Error, name):
            read()
        file.write_bytes(whole)
        read()

    def raises(self, text, call):
        with self.assertRaisesRegex(ppo_train.ConfigError, text) as caught:
            printed(call)
        self.assertNotIn("\n", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
