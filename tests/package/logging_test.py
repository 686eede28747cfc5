"""The examples that bring a run into Weights & Biases and MLflow, each with its own library and no server."""
import json
import os
import sqlite3
import subprocess
import sys
import unittest
from pathlib import Path

import numpy as np

import ppo_train
from common import ROOT
from package import SHORT, PackageTest


class LoggingTest(PackageTest):
    def setUp(self):
        super().setUp()
        # Episodes last longer than an update: some cells of metrics.csv are empty.
        self.logged = ppo_train.train(SHORT, out="my run", verbose=False, env="pendulum", max_episode_steps=50, num_seeds=2)
        self.assertTrue(np.isnan(self.logged.metrics["return_mean"]).any())

    def example(self, name, *arguments):
        environment = {**os.environ, "WANDB_SILENT": "true", "HOME": str(self.folder), "GIT_PYTHON_REFRESH": "quiet"}
        done = subprocess.run([sys.executable, ROOT / "examples" / name, *arguments], capture_output=True, text=True,
                              env=environment)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_weights_and_biases(self):
        self.example("log_to_wandb.py", "my run", "--mode", "offline")
        files = sorted(Path("wandb").glob("offline-run-*/run-*.wandb"))
        self.assertEqual(len(files), 2)
        for agent in self.logged.summary["agents"]:
            table = self.logged.metrics_of(agent["agent"])
            (file,) = (file for file in files if agent["param_hash"].encode() in file.read_bytes())
            content = file.read_bytes()
            self.assertIn(f"my run-s{agent['seed']}".encode(), content)
            for value in (*table["loss_value"], *table["return_mean"][~np.isnan(table["return_mean"])]):
                self.assertIn(json.dumps(value).encode(), content)
            self.assertNotIn(b"NaN", content)

    def test_mlflow(self):
        self.example("log_to_mlflow.py", "my run", "--uri", "sqlite:///tracks.db")
        tracks = sqlite3.connect("tracks.db")
        self.addCleanup(tracks.close)
        found = dict(tracks.execute("select name, run_uuid from runs where status = 'FINISHED'").fetchall())
        self.assertEqual(set(found), {"my run-s42", "my run-s43"})
        for agent, run in enumerate(found[name] for name in sorted(found)):
            table = self.logged.metrics_of(agent)
            for name in ("return_mean", "loss_value"):
                there = ~np.isnan(table[name])
                query = "select step, value from metrics where run_uuid = ? and key = ? order by step"
                points = tracks.execute(query, (run, name))
                expected = zip(table["steps"][there].tolist(), table[name][there].tolist(), strict=True)
                self.assertEqual(points.fetchall(), list(expected))
            params = dict(tracks.execute("select key, value from params where run_uuid = ?", (run,)).fetchall())
            self.assertEqual((params["num_steps"], params["seed"]), ("32", str(42 + agent)))
            (artifacts,) = Path("mlruns").glob(f"*/{run}/artifacts")
            self.assertEqual({file.name for file in artifacts.iterdir()},
                             {"config.toml", "metrics.csv", "policy.safetensors", "run.json"})


if __name__ == "__main__":
    unittest.main()
