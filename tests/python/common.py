"""What the Python tests share: the program, run in a temporary folder.

By hand: PPO_TRAIN_BINARY=build/release/ppo_train build/python/bin/python tests/python/onnx_test.py
"""
import csv
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("PPO_TRAIN_BINARY", ROOT / "build/release/ppo_train")).resolve()

# A run of 6 updates that takes some milliseconds.
SHORT = ("--num-envs", "8", "--num-steps", "32", "--total-timesteps", "1536")


class ProgramTest(unittest.TestCase):
    """Each test has an empty folder of its own, self.folder, which is removed at the end."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def ppo_train(self, *arguments, exit_code=0):
        """Runs the program in the folder to its end; returns what it has printed."""
        done = subprocess.run([BINARY, *map(str, arguments)], cwd=self.folder, capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, exit_code, done.stderr)
        return done.stdout

    def train(self, *arguments, name="run"):
        """Trains into the folder `name`, quietly; returns its path."""
        self.ppo_train("train", *arguments, "--quiet", "--out", name)
        return self.folder / name


def read_csv(file):
    """The rows of a CSV file, each a dict of its cells' text by column."""
    with open(file, newline="") as stream:
        return list(csv.DictReader(stream))
