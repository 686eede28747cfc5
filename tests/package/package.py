"""What the tests of the Python package share.

By hand: PYTHONPATH=python:tests/python build/python/bin/python tests/package/train_test.py
"""
import contextlib
import io
import os
from pathlib import Path

from common import BINARY, ROOT, ProgramTest

# Whatever folder a test works in:
os.environ["PPO_TRAIN_BINARY"] = str(BINARY)
os.environ["PYTHONPATH"] = str(ROOT / "python")

# As keywords: a run of 6 updates that takes some milliseconds.
SHORT = {"num_envs": 8, "num_steps": 32, "total_timesteps": 1536}


class PackageTest(ProgramTest):
    """Each test works in an empty folder of its own."""

    def setUp(self):
        super().setUp()
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.folder)


def printed(function, *arguments, **keywords):
    """(result, text on stdout) of a call."""
    with contextlib.redirect_stdout(io.StringIO()) as text:
        result = function(*arguments, **keywords)
    return result, text.getvalue()


def content(folder, names):
    """The bytes of the named files."""
    return {name: Path(folder, name).read_bytes() for name in names}
