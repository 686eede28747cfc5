"""Ctrl-C while Python trains: the run is saved once, and resumed to the bytes of one that was never stopped."""
import os
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path
from unittest import mock

import ppo_train
from package import PackageTest, content, printed

RESULTS = ("metrics.csv", "policy.safetensors")
CONFIG = {"env": "cartpole", "num_envs": 16, "total_timesteps": 245_760, "log_every": 1, "max_episode_steps": 500}

SCRIPT = """
import sys, threading
import ppo_train
def work():
    try:
        ppo_train.train({config}, out="run", **{keywords})
    except ppo_train.Stopped as error:
        print("Stopped", error.exit_code, error)
try:
    {call}
except KeyboardInterrupt:
    print("KeyboardInterrupt", flush=True)
    sys.exit(42)
"""


class StopTest(PackageTest):
    def test_as_in_a_shell_where_all_of_the_group_get_the_signal(self):
        lines = self.interrupt(lambda python: os.killpg(python.pid, signal.SIGINT))
        self.assert_saved_once(lines)
        self.assert_resumes_to_the_same_bytes()

    def test_where_python_alone_gets_it(self):
        self.assert_saved_once(self.interrupt(lambda python: python.send_signal(signal.SIGINT)))
        self.assert_resumes_to_the_same_bytes()

    def test_where_the_program_alone_gets_it(self):
        lines = self.interrupt(lambda python: os.kill(child_of(python.pid), signal.SIGTERM), exit_codes=(0,))
        self.assertEqual(lines[-1], "Stopped 143 stopped by SIGTERM; go on with ppo_train resume run")
        self.assertEqual(ppo_train.Run("run").summary["stopped_by"], "SIGTERM")

    def test_a_silent_one_says_where_it_is(self):
        python = started("work()", verbose=False)
        metrics = Path("run/metrics.csv")
        while not metrics.exists() or metrics.read_bytes().count(b"\n") < 3:
            time.sleep(0.005)
        python.send_signal(signal.SIGINT)
        self.assertEqual(python.communicate(timeout=60),
                         (b"KeyboardInterrupt\n", b"ppo_train: stopped; go on with ppo_train resume run\n"))
        self.assert_resumes_to_the_same_bytes()

    def test_a_training_in_a_thread_stops_too(self):
        call = "threading.Thread(target=work).start()\n    threading.Event().wait()"
        lines = self.interrupt(lambda python: os.killpg(python.pid, signal.SIGINT), call)
        self.assertIn("Stopped 130 stopped by SIGINT; go on with ppo_train resume run", lines)
        self.assertEqual(ppo_train.Run("run").summary["stopped_by"], "SIGINT")

    def test_a_second_one_goes_to_the_program_too(self):
        program = self.folder / "program"
        program.write_text("""#!/bin/sh
trap 'n=$((n + 1)); echo "signal $n"; [ $n -lt 2 ] || exit 130' INT
printf 'one\\ntwo\\nthree\\nUpdate 2: \\n'
while :; do sleep 0.02; done
""")
        program.chmod(0o755)

        def twice(python):
            python.send_signal(signal.SIGINT)
            self.assertEqual(python.stdout.readline(), b"signal 1\n")
            python.send_signal(signal.SIGINT)

        with mock.patch.dict("os.environ", PPO_TRAIN_BINARY=str(program)):
            self.assertEqual(self.interrupt(twice), ["signal 2", "KeyboardInterrupt"])

    def test_an_output_that_fails_stops_it_too(self):
        # 120 is a Python's that could not flush its own stdout in the end, either.
        lines = self.interrupt(lambda python: python.stdout.close(), exit_codes=(1, 120), errors=b"BrokenPipeError")
        self.assertEqual(lines, [])
        self.assertEqual(ppo_train.Run("run").summary["stopped_by"], "SIGINT")

    def interrupt(self, stop, call="work()", exit_codes=(42,), errors=b""):
        """The lines that a Python prints which trains, and is stopped after the first updates."""
        python = started(call)
        first = [python.stdout.readline().decode() for _ in range(4)]
        self.assertRegex(first[-1], "^Update 2: ")
        stop(python)
        rest, said = (b"", python.stderr.read()) if python.stdout.closed else python.communicate(timeout=60)
        self.assertIn(python.wait(60), exit_codes, said)
        python.stderr.close()
        self.assertIn(errors, said)
        return rest.decode().splitlines()

    def assert_saved_once(self, lines):
        self.assertEqual(lines[-1], "KeyboardInterrupt")
        self.assertEqual([line for line in lines if line.startswith("saved ")], ["saved    run"])
        self.assertIn("resume   ppo_train resume run", lines)
        run = ppo_train.Run("run")
        self.assertEqual(run.summary["stopped_by"], "SIGINT")
        saved = sorted(file.name for file in Path("run/checkpoints").iterdir())
        self.assertEqual(len(saved), 2, saved)  # before the first update, and the one of the stop

    def assert_resumes_to_the_same_bytes(self):
        self.assertLess(ppo_train.Run("run").summary["updates"], 100)
        straight, _ = printed(ppo_train.train, CONFIG, out="straight")
        resumed, text = printed(ppo_train.resume, "run")
        self.assertIn("saved    run", text)
        self.assertEqual(content(resumed, RESULTS), content(straight, RESULTS))


def started(call, **keywords):
    """A Python that trains so."""
    return subprocess.Popen([sys.executable, "-c", SCRIPT.format(config=CONFIG, call=call, keywords=keywords)],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)


def child_of(pid):
    """The process that another one has started; waits for it."""
    for _ in range(100):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if children:
            return int(children[0])
        time.sleep(0.01)
    raise AssertionError("no child")


if __name__ == "__main__":
    unittest.main()
