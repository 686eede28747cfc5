"""The header that export writes: warning-free C and C++ whose act() is ppo_train's."""
import itertools
import re
import shutil
import subprocess
import unittest

import numpy as np

from common import SHORT, ProgramTest
from policies import TRAINED, floats, forward64, observations, own_forward, read_policy, shared_object

STRICT = ("-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Wdouble-promotion", "-pedantic", "-Werror")


class CHeaderTest(ProgramTest):
    def test_answers_as_ppo_train_does(self):
        for env, flags in TRAINED.items():
            with self.subTest(env):
                run = self.train(*flags, name=env)
                self.ppo_train("export", env, "agent.h")
                tensors = read_policy(run / "policy.safetensors")
                obs = observations(tensors["actor.l1.w"].shape[0])
                logits, action = self.act(obs, len(tensors["actor.head.b"]))
                for name, reference in (("ppo_train's", own_forward(self.folder, tensors, obs)[0]),
                                        ("float64", forward64(tensors, "actor", obs))):
                    difference = np.abs(logits - reference).max()
                    print(f"{env}: logits differ by {difference:.2e} at most from {name}")
                    self.assertLessEqual(difference, 1e-5)
                np.testing.assert_array_equal(action, logits.argmax(axis=1))
                self.assertEqual(len(set(action)), logits.shape[1])  # each action is taken somewhere

    def act(self, obs, A):
        """(logits [batch][A], actions [batch]) by agent.h in self.folder."""
        O = obs.shape[1]
        source = f"""
        #include "agent.h"
        void all(const float* obs, int count, float* logits, int* actions);
        void all(const float* obs, int count, float* logits, int* actions) {{
          for (int i = 0; i < count; ++i) {{
            act_logits(obs + i * {O}, logits + i * {A});
            actions[i] = act(obs + i * {O});
          }}
        }}"""
        library = shared_object(self.folder, f"agent_{O}.c", source, ["gcc", "-std=c99", "-O2", *STRICT])
        logits = np.empty((len(obs), A), np.float32)
        actions = np.empty(len(obs), np.int32)
        library.all(floats(obs), len(obs), floats(logits), actions.ctypes.data_as(floats(logits).__class__))
        return logits, actions

    def test_compiles_without_a_warning_in_c_and_cpp(self):
        self.train(*SHORT)
        self.ppo_train("export", "run", "agent.h")
        (self.folder / "main.c").write_text('#include "agent.h"\n#include "agent.h"\n'
                                            "int main(void) { float obs[4] = {0, 0, 0, 0}; return act(obs) & 0; }\n")
        tried = 0
        languages = [("c", "c99"), ("c", "c11"), ("c++", "c++98"), ("c++", "c++20")]
        for compiler, (language, standard) in itertools.product(("gcc", "clang"), languages):
            if not shutil.which(compiler):
                continue
            subprocess.run([compiler, "-x", language, f"-std={standard}", "-O2", *STRICT, "main.c", "-o", "main", "-lm"],
                           check=True, cwd=self.folder)
            subprocess.run([self.folder / "main"], check=True)
            tried += 1
        self.assertGreaterEqual(tried, len(languages))
        # Without a user: nothing in it is unused.
        shutil.copy(self.folder / "agent.h", self.folder / "alone.c")
        subprocess.run(["gcc", "-std=c99", *STRICT, "-c", "alone.c"], check=True, cwd=self.folder)

    def test_needs_the_standard_library_only_and_keeps_no_state(self):
        self.train(*SHORT)
        self.ppo_train("export", "run", "agent.h")
        text = (self.folder / "agent.h").read_text()
        self.assertEqual(re.findall(r"#include .*", re.sub(r"/\*.*?\*/", "", text, flags=re.S)), ["#include <math.h>"])
        self.assertIn("int act(const float obs[4])", text)
        (self.folder / "user.c").write_text('#include "agent.h"\nint user(const float* o);\n'
                                            "int user(const float* o) { return act(o); }\n")
        subprocess.run(["gcc", "-std=c99", "-O2", "-c", "user.c"], check=True, cwd=self.folder)
        symbols = subprocess.run(["nm", "user.o"], check=True, cwd=self.folder, capture_output=True, text=True).stdout
        kinds = {line.split()[-1]: line.split()[-2] for line in symbols.splitlines()}
        self.assertEqual({name for name, kind in kinds.items() if kind == "U"}, {"tanhf"})
        self.assertFalse({name for name, kind in kinds.items() if kind in "bBdDcC"})  # no variables


if __name__ == "__main__":
    unittest.main()
