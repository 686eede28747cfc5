"""The package's lists of flags and of columns are the program's."""
import re
import unittest

import ppo_train
from common import read_csv
from package import SHORT, PackageTest
from ppo_train._files import _WHOLE
from ppo_train._flags import _NOT_HERE, _SWITCHES

VERBS = ("train", "sweep", "resume", "report", "render", "export")
SPACE = {"lr": {"min": 1e-4, "max": 1e-2}, "gamma": {"min": 0.9, "max": 0.99}, "activation": {"values": ["tanh", "relu"]}}


class ListsTest(PackageTest):
    def test_flags_that_may_stand_alone(self):
        alone = set()
        for verb in VERBS:
            alone |= set(re.findall(r"^  --([\w-]+)(?: \[FILE\] .*|  .*)?$", self.ppo_train(verb, "--help"), flags=re.M))
        in_a_job = self.ppo_train("--help").partition("In an MPI job")[2]
        alone |= set(re.findall(r"--([\w-]+)\s+\(", in_a_job))
        self.assertEqual({name.replace("-", "_") for name in alone}, _SWITCHES | set(_NOT_HERE))

    def test_keys_that_are_whole_numbers(self):
        kinds = dict(re.findall(r"^  --([\w-]+) (\S+)", self.ppo_train("train", "--help"), flags=re.M))
        keys = re.sub(r"\s+", " ", self.ppo_train("sweep", "--help")).partition("It takes ")[2].partition(".")[0]
        keys = re.findall(r"[a-z]+(?:_[a-z]+)*", keys.replace("and, but for pbt,", ""))
        self.assertIn("num_envs", keys)
        whole = {key for key in keys if kinds[key.replace("_", "-")] == "N"}
        self.assertEqual(whole, _WHOLE & set(keys))

    def test_columns_that_are_whole_numbers(self):
        """Those whose cells are whole numbers in every file that there is, and never empty."""
        cells = {}
        for env, time_limit in (("cartpole", 500), ("pendulum", 7)):
            table = {**SHORT, "env": env, "max_episode_steps": time_limit, "lr": 0.01}
            ppo_train.train(table, out=f"{env}-run", verbose=False, eval_every=1, eval_episodes=4)
            ppo_train.sweep({**table, "sweep": {"space": SPACE}}, out=f"{env}-sweep", verbose=False, trials=8,
                            metric="return_100", seeds_per_trial=2, confirm_trials=2, confirm_seeds=2, grace_steps=512,
                            eval_steps=512)
        for file in self.folder.glob("*-*/*.csv"):
            for row in read_csv(file):
                for name, cell in row.items():
                    cells.setdefault(name, []).append(cell)
        whole = {name for name, texts in cells.items() if all(re.fullmatch(r"-?\d+", text) for text in texts)}
        self.assertGreater(len(cells), 20)
        self.assertEqual(whole, _WHOLE & set(cells))


if __name__ == "__main__":
    unittest.main()
