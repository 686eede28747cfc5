"""The contenders: a command line, and how to read the result from what the process leaves.

A result holds steps_per_second, return_mean, and when the task was solved: solved_at_step, and solved_s from the
start of the process; each None where there is no such number.
"""
import csv
import json
import pathlib
import re

import episodes
import rl_tools_build
from process import Failed

HERE = pathlib.Path(__file__).resolve().parent
REFERENCE_KEYS = ("seed", "total_timesteps", "num_envs", "num_steps", "lr", "num_minibatches", "update_epochs",
                  "gamma", "gae_lambda", "clip_coef", "ent_coef", "vf_coef", "max_grad_norm", "norm_adv",
                  "clip_vloss")
NOT_SOLVED = {"solved_at_step": None, "solved_s": None}


def solved(result, finished):
    """solved_s from the clock that a script has taken."""
    if result["solved_clock"] is None:
        return NOT_SOLVED
    return {"solved_at_step": result["solved_at_step"], "solved_s": result["solved_clock"] - finished.begin}


def name_with(name, seeds):
    return name if seeds == 1 else f"{name}, {seeds} seeds"


class Ours:
    cannot = None

    def __init__(self, binary, seeds=1, preset=None):
        self.binary, self.seeds, self.preset = binary, seeds, preset
        self.key = "ppo_train" if seeds == 1 else f"ppo_train_{seeds}"
        self.name = name_with("ppo_train", seeds)

    def command(self, config, scratch):
        where = ["--config", self.preset, "--out", scratch / "run"] if self.preset else ["--no-out"]
        return [self.binary, "--device", "cpu", *where, "--seed", str(config["seed"]),
                "--num-seeds", str(self.seeds), "--total-timesteps", str(config["total_timesteps"])]

    def read(self, finished):
        speed = re.search(r"steps in .* s, ([\d,]+) steps/s", finished.output)
        score = re.search(r"^return +([\d.]+) .*over the latest", finished.output, re.MULTILINE)
        if not speed:
            raise Failed("no line 'done ... steps/s' in the output")
        return {"steps_per_second": float(speed[1].replace(",", "")),
                "return_mean": float(score[1]) if score else None} | self.solved(finished)

    def solved(self, finished):
        """From the run folder, its last agent; all seconds that no row accounts for count as before it."""
        if not self.preset:
            return NOT_SOLVED
        run = json.loads((finished.scratch / "run/run.json").read_text())
        steps = [agent["solved_at_step"] for agent in run["agents"]]
        if None in steps:
            return NOT_SOLVED
        with (finished.scratch / "run/timing.csv").open() as file:
            done = [float(row["wall_s"]) for row in csv.DictReader(file)]
        update = max(steps) // (run["config"]["num_envs"] * run["config"]["num_steps"]) - 1
        return {"solved_at_step": max(steps), "solved_s": finished.wall_s - (done[-1] - done[update])}


class Reference:
    key, name, seeds, cannot = "jax", "JAX reference", 1, "has no time limit"

    def __init__(self, python, script):
        self.python, self.script = python, script

    def command(self, config, scratch):
        flags = [text for key in REFERENCE_KEYS for text in (f"--{key}", str(config[key]))]
        return [self.python, self.script, "--json", scratch / "reference.json", *flags]

    def read(self, finished):
        summary = json.loads((finished.scratch / "reference.json").read_text())["summary"]
        return {"steps_per_second": summary["steady_sps"],
                "return_mean": summary["final_avg_return"] or None} | NOT_SOLVED


class Script:
    """One of this folder's scripts: the config goes in as JSON, the last line of its output is JSON."""
    cannot = None

    def __init__(self, script, name, python, seeds=1):
        self.script, self.python, self.seeds = script, python, seeds
        self.key = script if seeds == 1 else f"{script}_{seeds}"
        self.name = name_with(name, seeds)

    def command(self, config, scratch):
        return [self.python, "-B", HERE / f"{self.script}.py", json.dumps(config | {"num_seeds": self.seeds})]

    def read(self, finished):
        result = json.loads(finished.output.splitlines()[-1])
        return {key: result[key] for key in ("steps_per_second", "return_mean")} | solved(result, finished)


class RlTools:
    """A binary for each config, built at the first run of it in `folder`."""
    key, name, seeds, cannot = "rl_tools", "rl_tools", 1, None

    def __init__(self, python, folder):
        self.python, self.folder = python, folder

    def command(self, config, scratch):
        self.config = config
        binary = rl_tools_build.build(self.python, config, self.folder)
        updates = config["total_timesteps"] // (config["num_envs"] * config["num_steps"])
        return [binary, str(config["seed"]), str(updates)]

    def read(self, finished):
        rows = [line.split() for line in finished.output.splitlines() if re.fullmatch(r"[\d. ]+", line)]
        (begin,), *updates = [[float(cell) for cell in row] for row in rows]
        batch_size = self.config["num_envs"] * self.config["num_steps"]
        progress = episodes.Episodes(self.config["max_episode_steps"])
        for number, (count, return_sum, clock) in enumerate(updates):
            progress.add(int(count), return_sum, (number + 1) * batch_size, clock)
        result = episodes.result([progress])
        return {"steps_per_second": len(updates) * batch_size / (clock - begin),
                "return_mean": result["return_mean"]} | solved(result, finished)


def of_task(preset, binary, python, reference, folder, seeds):
    """Ours by number of seeds, and the others; the preset is None for the default config."""
    ours = {count: Ours(binary, count, preset) for count in (1, seeds)}
    others = [RlTools(python, folder),
              *([Reference(python, reference)] if reference else []),
              Script("jit_ppo", "JAX, PureJaxRL style", python),
              Script("torch_ppo", "PyTorch, CleanRL style", python),
              Script("sb3_ppo", "Stable-Baselines3", python),
              Script("jit_ppo", "JAX, PureJaxRL style", python, seeds)]
    return ours, others
