"""Folders of runs and sweeps from Python: their numbers exactly, their films and reports, what is missing."""
import csv
import json
import math
import shutil
import unittest
from pathlib import Path

import numpy as np
import pandas

import ppo_train
from package import SHORT, PackageTest

SWEEP = {
    **SHORT,
    "max_episode_steps": 500,
    "sweep": {
        "trials": 4, "seeds_per_trial": 2, "metric": "return_100", "grace_steps": 512, "eval_steps": 512, "confirm_trials": 2,
        "confirm_seeds": 2,
        "space": {"lr": {"min": 1e-4, "max": 1e-2, "scale": "log"}, "activation": {"values": ["tanh", "relu"]},
                  "norm_adv": {"values": [True, False]}},
    },
}


class RunTest(PackageTest):
    def setUp(self):
        super().setUp()
        self.run_ = ppo_train.train(SHORT, out="a run", verbose=False, num_seeds=3, seed=7, eval_every=2, eval_episodes=2)

    def test_tables_hold_the_files_numbers(self):
        for name in ("metrics", "evals", "timing"):
            table = getattr(self.run_, name)
            with open(f"a run/{name}.csv", newline="") as file:
                names, *rows = csv.reader(file)
            self.assertEqual(list(table), names)
            for column, cells in zip(table.values(), zip(*rows, strict=True), strict=True):
                self.assertEqual(len(column), len(rows))
                if column.dtype == np.int64:
                    self.assertEqual(list(map(str, column)), list(cells))
                else:
                    self.assertEqual(column.dtype, np.float64)
                    for number, cell in zip(column, cells, strict=True):
                        self.assertTrue(math.isnan(number) if cell == "" else number == float(cell), cell)
        self.assertTrue(np.isnan(self.run_.metrics["return_100"]).any())
        whole = {name for name, column in self.run_.metrics.items() if column.dtype == np.int64}
        self.assertEqual(whole, {"agent", "seed", "update", "steps", "episodes"})

    def test_an_agent_of_several(self):
        rows = self.run_.metrics_of(2)
        np.testing.assert_array_equal(rows["update"], range(6))
        self.assertEqual(set(rows["seed"]), {9})
        for wrong in (3, -1, 0.5, None, "0"):
            for call, source in ((self.run_.policy, "a run/policy.safetensors"), (self.run_.metrics_of, "a run")):
                with self.assertRaisesRegex(ppo_train.ConfigError, f"^{source} has no agent {wrong!r}; its agents are 0 to 2$"):
                    call(wrong)
        np.testing.assert_array_equal(self.run_.metrics_of(np.int64(2))["seed"], rows["seed"])

    def test_a_frame_of_pandas(self):
        expected = pandas.read_csv("a run/metrics.csv", float_precision="round_trip")
        pandas.testing.assert_frame_equal(self.run_.metrics_frame(), expected, check_exact=True, check_dtype=False)

    def test_config_and_summary(self):
        self.assertEqual(self.run_.config, {**self.run_.summary["config"], "stop_at_return": math.inf})
        self.assertEqual(self.run_.summary, json.loads(Path("a run/run.json").read_text()))
        self.assertRegex(repr(self.run_), r"^<ppo_train.Run 'a run': env cartpole, agents 3, steps 4,608>$")
        self.assertIn("<tr><th>folder</th><td>a run</td></tr>", self.run_._repr_html_())
        longer = ppo_train.train("cartpole-v1", out="<b>", verbose=False, total_timesteps=8192)
        self.assertRegex(repr(longer), r"^<ppo_train.Run '<b>': env cartpole, steps 8,192, return_100 \d\d\.\d\d>$")
        self.assertIn("<td>&lt;b&gt;</td>", longer._repr_html_())

    def test_films_and_reports_are_shown_inline(self):
        film = self.run_.render(agent=1, greedy=True, size="60x40")
        self.assertEqual(film.path, Path("a run/film.gif"))
        self.assertTrue(film.path.read_bytes().startswith(b"GIF89a"))
        self.assertRegex(film._repr_html_(), r'^<img src="data:image/gif;base64,R0lGOD[\w+/]+=*">$')
        still = self.run_.render("my still.png", best=True)
        self.assertEqual(still.path, Path("my still.png"))
        self.assertIn('"data:image/png;base64,iVBOR', still._repr_html_())
        report = self.run_.report()
        self.assertEqual(report.path, Path("a run/report.html"))
        shown = report._repr_html_()
        self.assertEqual(shown.count('"'), 4)  # those of srcdoc and style: the page's own are escaped
        self.assertIn("&lt;!doctype html&gt;", shown.lower())
        self.assertIn("image/svg+xml", self.run_.report(svg=True)._repr_html_())

    def test_exports(self):
        for format, name in (("onnx", "agent0.onnx"), ("c", "agent0.h"), ("safetensors", "agent0.safetensors")):
            file = self.run_.export(format)
            self.assertEqual(file, Path("a run", name))
            self.assertTrue(file.is_file())
        best = self.run_.export("safetensors", agent=1, best=True)
        self.assertEqual(best, Path("a run/agent1-best.safetensors"))
        obs = np.ones((5, 4))
        np.testing.assert_array_equal(ppo_train.Policy(best).logits(obs), self.run_.policy(1, best=True).logits(obs))
        self.assertEqual(self.run_.export("c", "my (own) agent.h", agent=2), Path("my (own) agent.h"))
        self.assertTrue(Path("my (own) agent.h").is_file())
        with self.assertRaisesRegex(ppo_train.ConfigError, "--format"):
            self.run_.export("tflite")

    def test_what_is_not_there(self):
        with self.assertRaisesRegex(ppo_train.ConfigError, "^'nowhere' is not the folder of a run: there is no config.toml"):
            ppo_train.Run("nowhere")
        with self.assertRaisesRegex(ppo_train.ConfigError, "'a run' is not the folder of a sweep: there is no sweep.toml"):
            ppo_train.Sweep(self.run_)
        plain = ppo_train.train(SHORT, out="plain", verbose=False)
        with self.assertRaisesRegex(ppo_train.ConfigError, "evals.csv; the run has no evaluations; train with eval_every"):
            plain.evals  # noqa: B018
        with self.assertRaisesRegex(ppo_train.ConfigError, "best.safetensors; only a run with evaluations has it"):
            plain.policy(best=True)
        Path("plain/run.json").unlink()
        Path("plain/policy.safetensors").unlink()
        killed = ppo_train.Run("plain")
        self.assertEqual(repr(killed), "<ppo_train.Run 'plain': env cartpole, ended no>")
        with self.assertRaisesRegex(ppo_train.ConfigError, "run.json; the run has not ended; ppo_train.resume goes on with it"):
            killed.summary  # noqa: B018

    def test_damaged_files_are_refused(self):
        policy = Path("a run/policy.safetensors")
        whole = policy.read_bytes()
        for content in (b"", whole[:7], whole[:300], whole[:-1], b"\xff" * 100, whole.replace(b'"F32"', b'"F16"', 1)):
            policy.write_bytes(content)
            with self.assertRaisesRegex(ppo_train.Error, "policy.safetensors is damaged: "):
                ppo_train.Run("a run").policy()
        table = Path("a run/metrics.csv")
        table.write_text(table.read_text()[:-40])
        with self.assertRaisesRegex(ppo_train.Error, "metrics.csv is damaged: "):
            ppo_train.Run("a run").metrics  # noqa: B018

    def test_resume_goes_back_and_on(self):
        checkpoint = min(Path("a run/checkpoints").iterdir())
        before = Path("a run/metrics.csv").read_bytes()
        self.assertEqual(len(self.run_.metrics_of(0)["update"]), 6)
        resumed = ppo_train.resume(checkpoint, verbose=False)
        self.assertEqual(resumed.folder, Path("a run"))
        self.assertEqual(Path("a run/metrics.csv").read_bytes(), before)
        longer = ppo_train.resume(resumed, verbose=False, total_timesteps=2048)
        self.assertEqual(len(longer.metrics_of(0)["update"]), 8)
        self.assertEqual(len(self.run_.metrics_of(0)["update"]), 6)  # as it was read


class SweepTest(PackageTest):
    def test_a_sweep_from_a_dict(self):
        sweep = ppo_train.sweep(SWEEP, out="sweep", verbose=False, seed=1)
        self.assertEqual(sweep.trials["trial"].tolist(), [0, 1, 2, 3])
        self.assertEqual({name: sweep.trials[name].dtype.kind for name in ("lr", "activation", "norm_adv", "steps", "cut_at")},
                         {"lr": "f", "activation": "U", "norm_adv": "b", "steps": "i", "cut_at": "f"})
        np.testing.assert_array_equal(np.isnan(sweep.trials["cut_at"]), sweep.trials["state"] == "finished")
        winner = sweep.summary["ranking"][0]
        self.assertEqual(sweep.confirmed["trial"][0], winner["trial"])
        self.assertEqual(sweep.best["lr"], winner["values"]["lr"])
        self.assertEqual(set(sweep.curves["stage"]), {"sweep", "confirm"})
        self.assertEqual(len(sweep.trials_frame()), 4)
        self.assertRegex(repr(sweep), r"^<ppo_train.Sweep 'sweep': best trial \d of 4, lr 0\.\d+, activation ")
        self.assertRegex(sweep._repr_html_(), r"<tr><th>best</th><td>trial \d of 4</td></tr><tr><th>lr</th><td>0\.")
        self.assertTrue(sweep.report().path.samefile("sweep/report.html"))
        self.assertEqual(ppo_train.train(sweep.best, out="run", verbose=False).config["lr"], sweep.best["lr"])
        self.assertIsInstance(ppo_train.resume(sweep, verbose=False), ppo_train.Sweep)

    def test_into_the_folder_that_the_program_names(self):
        sweep = ppo_train.sweep(SWEEP, verbose=False, method="random", trials=2)
        self.assertRegex(str(sweep.folder), r"^sweeps/sweep-s42-\d{8}-\d{6}$")
        self.assertEqual(sweep.config["sweep"]["method"], "random")
        shutil.rmtree(sweep.folder)

    def test_a_space_that_is_wrong(self):
        with self.assertRaisesRegex(ppo_train.ConfigError, "^the dict: .*'lrr'"):
            ppo_train.sweep({**SWEEP, "sweep": {"space": {"lrr": {"min": 1, "max": 2}}}})


if __name__ == "__main__":
    unittest.main()
