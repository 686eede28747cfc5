"""The header that export writes: warning-free C and C++ whose act() is ppo_train's."""
import itertools
import re
import shutil
import subprocess
import unittest

import numpy as np

from common import SHORT, ProgramTest
from policies import TRAINED, floats, forward64, observations, own_forward, read_policy, shared_object, sizes64

STRICT = ("-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Wdouble-promotion", "-pedantic", "-Werror")


class CHeaderTest(ProgramTest):
    def test_answers_as_ppo_train_does(self):
        for name, flags in TRAINED.items():
            with self.subTest(name):
                run = self.train(*flags, name=name)
                self.ppo_train("export", name, "agent.h")
                policy = read_policy(run / "policy.safetensors")
                obs = observations(policy.observation_size)
                outputs, action = self.act(policy, obs, name)
                sizes = sizes64(policy, "actor", obs)
                for whose, reference in (("ppo_train's", own_forward(self.folder, policy, obs, name)[0]),
                                         ("float64", forward64(policy, "actor", obs))):
                    difference = (np.abs(outputs - reference) / sizes).max()
                    print(f"{name}: outputs differ by {difference:.2e} at most from {whose}")
                    self.assertLessEqual(difference, 4e-6)
                np.testing.assert_array_equal(action, policy.act(outputs))
                if name in ("cartpole", "my_env", "cartpole_relu", "acrobot"):
                    self.assertEqual(len(set(action)), policy.outputs)  # each action is taken somewhere

    def act(self, policy, obs, name):
        """(logits or means [batch][outputs], actions [batch] or [batch][outputs]) by agent.h in self.folder."""
        O = obs.shape[1]
        A = policy.outputs
        kind, call, act = (("int", "act_logits", f"actions[i] = act(obs + i * {O})") if policy.is_discrete else
                           ("float", "act_mean", f"act(obs + i * {O}, actions + i * {A})"))
        source = f"""
        #include "agent.h"
        void all(const float* obs, int count, float* outputs, {kind}* actions);
        void all(const float* obs, int count, float* outputs, {kind}* actions) {{
          for (int i = 0; i < count; ++i) {{
            {call}(obs + i * {O}, outputs + i * {A});
            {act};
          }}
        }}"""
        library = shared_object(self.folder, f"agent_{name}.c", source, ["gcc", "-std=c99", "-O2", *STRICT])
        outputs = np.empty((len(obs), A), np.float32)
        actions = np.empty(len(obs), np.int32) if policy.is_discrete else np.empty((len(obs), A), np.float32)
        library.all(floats(obs), len(obs), floats(outputs), floats(actions))
        return outputs, actions

    def test_compiles_without_a_warning_in_c_and_cpp(self):
        self.train(*SHORT)
        self.compile_everywhere("float obs[4] = {0, 0, 0, 0}; return act(obs) & 0;")
        self.train(*SHORT, "--env", "pendulum", "--norm-obs", "true", "--activation", "relu", name="box")
        self.compile_everywhere("float obs[3] = {0, 0, 0}; float action[1]; act(obs, action); return action[0] > 2;", "box")

    def compile_everywhere(self, use, run="run"):
        self.ppo_train("export", run, "agent.h")
        (self.folder / "main.c").write_text('#include "agent.h"\n#include "agent.h"\n' f"int main(void) {{ {use} }}\n")
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
