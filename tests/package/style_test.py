"""The module's types and style, what it imports, and how long that takes."""
import json
import subprocess
import sys
import unittest

import ppo_train
from common import ROOT

CONFIG = ROOT / "python/pyproject.toml"


class StyleTest(unittest.TestCase):
    def test_its_types_are_right(self):
        self.run_module("mypy", "--config-file", CONFIG, "--cache-dir", "/dev/null", ROOT / "python/ppo_train")

    def test_a_user_of_it_is_checked(self):
        code = "import ppo_train\nppo_train.Run('a').policy('best')\nreveal_type(ppo_train.Run('a').policy().predict)\n"
        done = subprocess.run([sys.executable, "-m", "mypy", "--strict", "--cache-dir", "/dev/null", "-c", code], text=True,
                              capture_output=True)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn('Argument 1 to "policy" of "Run" has incompatible type "str"; expected "int"', done.stdout)
        self.assertIn("Found 1 error", done.stdout)

    def test_its_style(self):
        self.run_module("ruff", "check", "--no-cache", "--config", CONFIG, ROOT / "python", ROOT / "tests/package",
                        ROOT / "examples")

    def test_it_imports_numpy_and_little_else(self):
        code = ("import sys, numpy, numpy.typing; before = set(sys.modules); import ppo_train, json; "
                "print(json.dumps(sorted(set(sys.modules) - before)))")
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        extra = [name for name in json.loads(done.stdout) if not name.startswith(("ppo_train", "json", "_json"))]
        print("imported besides NumPy:", *extra)
        self.assertLess(len(extra), 25)
        self.assertFalse({"numpy.random", "subprocess", "pandas", "tomllib", "csv", "inspect"} & set(extra))

    def test_everything_public_says_what_it_is(self):
        for name in ppo_train.__all__:
            thing = getattr(ppo_train, name)
            self.assertTrue(thing.__doc__, name)
            for method, value in vars(thing).items() if isinstance(thing, type) else ():
                if not method.startswith("_") and callable(value):
                    self.assertTrue(value.__doc__, f"{name}.{method}")

    def test_lines_and_files_are_short(self):
        for file in (ROOT / "python/ppo_train").iterdir():
            if file.suffix == ".py":
                self.assertLessEqual(len(file.read_text().splitlines()), 250, file)

    def run_module(self, *arguments):
        done = subprocess.run([sys.executable, "-m", *map(str, arguments)], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
