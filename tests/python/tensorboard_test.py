"""The events that train --tensorboard writes, by TensorBoard's own reader: all that the CSV files say, no more."""
import resource
import signal
import subprocess
import time
import unittest

import numpy as np
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader

from common import BINARY, SHORT, ProgramTest, read_csv

# Tags, and the columns of metrics.csv with the same numbers. charts/SPS is in timing.csv.
COLUMNS = {
    "charts/episodic_return": "return_mean",
    "charts/episodic_length": "length_mean",
    "charts/learning_rate": "lr",
    "losses/value_loss": "loss_value",
    "losses/policy_loss": "loss_policy",
    "losses/entropy": "entropy",
    "losses/approx_kl": "approx_kl",
    "losses/clipfrac": "clip_fraction",
    "losses/explained_variance": "explained_variance",
}
# The same of evals.csv. Episodes of CartPole are as long as their return.
EVALUATION_COLUMNS = {"eval/mean_reward": "return_mean", "eval/mean_ep_length": "return_mean"}
EVALUATED = ("--eval-every", "2", "--eval-episodes", "3")
ENDLESS = ("train", "--num-envs", "2", "--num-steps", "16", "--total-timesteps", "1000000000", "--quiet", "--out", "run")


def event_file(folder):
    (file,) = folder.glob("events.out.tfevents.*")
    return file


def read_events(folder):
    accumulator = EventAccumulator(str(folder), size_guidance={"scalars": 0, "tensors": 0})
    accumulator.Reload()
    return accumulator


def record_lengths(file):
    """Bytes of each record with its framing, as the lengths in it say."""
    content = file.read_bytes()
    lengths = []
    while sum(lengths) < len(content):
        (data,) = np.frombuffer(content, "<u8", count=1, offset=sum(lengths))
        lengths.append(int(data) + 16)
    return lengths


class TensorBoardTest(ProgramTest):
    def expect_events(self, folder, rows, timing, evaluations=()):
        """The event files in `folder` hold the numbers of these rows of the CSV files, and nothing else."""
        events = read_events(folder)
        tags = events.Tags()
        expected = {tag: [(row["steps"], row[column]) for row in rows if row[column]] for tag, column in COLUMNS.items()}
        expected["charts/SPS"] = [(row["steps"], time["steps_per_s"]) for row, time in zip(rows, timing, strict=True)]
        for tag, column in EVALUATION_COLUMNS.items():
            expected[tag] = [(row["steps"], row[column]) for row in evaluations]
        self.assertEqual(set(tags["scalars"]), {tag for tag, values in expected.items() if values})
        for tag in tags["scalars"]:
            read = [(event.step, event.value) for event in events.Scalars(tag)]
            self.assertEqual(read, [(int(step), float(np.float32(value))) for step, value in expected[tag]], tag)
        self.assertEqual(tags["tensors"], ["hyperparameters/text_summary"])
        return events

    def test_hold_what_the_csv_files_hold(self):
        runs = {
            "usual": SHORT,
            # Updates without an episode.
            "short": ("--num-envs", "1", "--num-steps", "4", "--total-timesteps", "80"),
            # Nothing for the values to explain.
            "equal": (*SHORT, "--gamma", "0", "--gae-lambda", "0"),
        }
        for name, flags in runs.items():
            with self.subTest(name):
                started = time.time()
                run = self.train(*flags, "--tensorboard", name=name)
                rows = read_csv(run / "metrics.csv")
                events = self.expect_events(run, rows, read_csv(run / "timing.csv"))
                times = [event.wall_time for event in events.Scalars("charts/SPS")]
                self.assertEqual(times, sorted(times))
                self.assertLess(started - 1, times[0])
                self.assertLess(times[-1], time.time() + 1)
                # The head, the config, and one an update.
                self.assertEqual(len(list(RawEventFileLoader(str(event_file(run))).Load())), 2 + len(rows))
        self.assertIn("", {row["return_mean"] for row in read_csv(self.folder / "short" / "metrics.csv")})

    def test_hold_evaluations(self):
        run = self.train(*SHORT, *EVALUATED, "--tensorboard")
        evaluations = read_csv(run / "evals.csv")
        self.assertEqual([row["update"] for row in evaluations], ["2", "4", "6"])
        self.expect_events(run, read_csv(run / "metrics.csv"), read_csv(run / "timing.csv"), evaluations)

    def test_of_agents_that_stop_end_there(self):
        run = self.train(*SHORT, *EVALUATED, "--num-seeds", "3", "--stop-at-return", "100", "--tensorboard")
        rows, timing, evaluations = (read_csv(run / name) for name in ("metrics.csv", "timing.csv", "evals.csv"))
        lasted = []
        for k, seed in enumerate((42, 43, 44)):
            of_agent = lambda table: [row for row in table if row["agent"] == str(k)]
            lasted.append(len(of_agent(rows)))
            self.expect_events(run / f"seed{seed}", of_agent(rows), timing[:lasted[-1]], of_agent(evaluations))
        self.assertGreater(len(set(lasted)), 1, lasted)

    def test_of_a_resumed_run_hold_its_evaluations(self):
        run = self.train(*SHORT, *EVALUATED, "--tensorboard", "--checkpoint-every", "3", "--keep", "9")
        self.ppo_train("resume", "run/checkpoints/0000000003.safetensors", "--quiet", "--tensorboard")
        self.expect_events(run, read_csv(run / "metrics.csv"), read_csv(run / "timing.csv"), read_csv(run / "evals.csv"))

    def test_show_the_config(self):
        run = self.train(*SHORT, "--lr", "0.125", "--tensorboard")
        (event,) = read_events(run).Tensors("hyperparameters/text_summary")
        table = event.tensor_proto.string_val[0].decode().splitlines()
        self.assertEqual(table[:2], ["|param|value|", "|-|-|"])
        self.assertIn("|lr|0.125|", table)
        self.assertIn("|num_envs|8|", table)
        keys = [line.split(" = ")[0] for line in (run / "config.toml").read_text().splitlines() if " = " in line]
        self.assertEqual([line.split("|")[1] for line in table[2:]], keys)
        metadata = read_events(run).SummaryMetadata("hyperparameters/text_summary")
        self.assertEqual(metadata.plugin_data.plugin_name, "text")

    def test_of_several_agents_are_several_runs(self):
        run = self.train(*SHORT, "--num-seeds", "3", "--seed", "5", "--tensorboard")
        rows, timing = read_csv(run / "metrics.csv"), read_csv(run / "timing.csv")
        self.assertFalse(list(run.glob("events*")))
        for k, seed in enumerate((5, 6, 7)):
            events = self.expect_events(run / f"seed{seed}", [row for row in rows if row["agent"] == str(k)], timing)
            table = events.Tensors("hyperparameters/text_summary")[0].tensor_proto.string_val[0].decode()
            self.assertIn(f"|seed|{seed}|", table)

    def test_of_as_many_agents_as_may_be(self):
        run = self.train("--num-seeds", "256", "--num-envs", "1", "--num-steps", "8", "--total-timesteps", "16",
                         "--tensorboard")
        self.assertEqual(len(list(run.glob("seed*/events*"))), 256)

    def test_are_whole_records_when_the_run_is_killed(self):
        process = subprocess.Popen([BINARY, *ENDLESS, "--tensorboard"], cwd=self.folder)
        run = self.folder / "run"
        try:
            deadline = time.time() + 60
            while time.time() < deadline and not any(f.stat().st_size > 20_000 for f in run.glob("events*")):
                time.sleep(0.01)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
        self.assertEqual(sum(record_lengths(event_file(run))), event_file(run).stat().st_size)
        steps = [event.step for event in read_events(run).Scalars("losses/entropy")]
        self.assertGreater(len(steps), 20)
        self.assertEqual(steps, [32 * (i + 1) for i in range(len(steps))])
        self.assertLessEqual(abs(len(steps) - len(read_csv(run / "metrics.csv"))), 1)

    def test_of_a_resumed_run_have_no_step_twice(self):
        flags = (*SHORT, "--tensorboard", "--checkpoint-every", "2", "--keep", "9", "--num-seeds", "2")
        run = self.train(*flags)
        # Each part says the config that holds from its first step on; TensorBoard forgets numbers, but no texts.
        for update, configs, more in ((4, 2, ()), (2, 3, ()), (6, 4, ("--total-timesteps", "2560"))):
            self.ppo_train("resume", f"run/checkpoints/{update:010}.safetensors", "--quiet", "--tensorboard", *more)
            rows, timing = read_csv(run / "metrics.csv"), read_csv(run / "timing.csv")
            self.assertEqual(len(timing), 10 if more else 6)
            for k, seed in enumerate((42, 43)):
                events = self.expect_events(run / f"seed{seed}", [row for row in rows if row["agent"] == str(k)], timing)
                self.assertEqual(len(events.Tensors("hyperparameters/text_summary")), configs)
        self.assertEqual(len(list((run / "seed42").glob("events*"))), 4)

    def test_that_cannot_be_written_do_not_cost_the_run(self):
        # No file may grow beyond 128 KiB: the events meet that limit halfway, nothing else does.
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 17, 1 << 17))

        flags = ("train", "--num-envs", "2", "--num-steps", "16", "--total-timesteps", "25600", "--threads", "1",
                 "--tensorboard", "--out", "run")
        done = subprocess.run([BINARY, *flags], cwd=self.folder, capture_output=True, text=True, preexec_fn=limit)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertIn("events.out.tfevents", done.stderr)
        self.assertIn("saved    run", done.stdout)
        run = self.folder / "run"
        self.assertEqual(len(read_csv(run / "metrics.csv")), 800)
        self.ppo_train("eval", "run", "--episodes", "1")
        written = len(read_events(run).Scalars("losses/entropy"))
        self.assertGreater(written, 20)
        self.assertLess(written, 800)
        self.assertEqual(sum(record_lengths(event_file(run))), event_file(run).stat().st_size)

    def test_that_cannot_be_created_do_not_cost_the_run(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))

        flags = ("train", *SHORT, "--num-seeds", "60", "--tensorboard", "--out", "run")
        done = subprocess.run([BINARY, *flags], cwd=self.folder, capture_output=True, text=True, preexec_fn=limit)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertRegex(done.stderr, r"cannot (read|create) run/seed\d+")
        self.ppo_train("eval", "run", "--episodes", "1")

    def test_are_written_on_demand_only(self):
        run = self.train(*SHORT)
        self.assertFalse(list(run.glob("**/events*")))


if __name__ == "__main__":
    unittest.main()
