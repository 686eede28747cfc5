#!/usr/bin/env python3
"""Holds `ppo_train sweep` against Optuna, which runs ppo_train as a program of its own for every trial.

    python3 bench/sweep_compare.py [sweep-cartpole] [--repetitions 5] [--json FILE] [--binary build/release/ppo_train]

In each repetition, with a seed of its own, the sweep runs first. Then Optuna's TPE sampler proposes values from the
same space until its trials have taken as many steps as those of the sweep. A trial of Optuna trains the same seeds,
evaluates them as often, and is worth the same metric; a seed that does not reach the target counts as twice the
length of training, less its mean return, which is at most as much, so that TPE sees which are nearer. Its best trials
are confirmed like the sweep's: as many, with the same new seeds. Both start from the config as it stands. Optuna's
evaluations come every so many whole updates, and the sweep's at the first update behind a multiple of eval_steps.

Seconds are wall time from start to the confirmed result. Needs optuna from PyPI, and numpy for it.
"""
import argparse
import csv
import datetime
import json
import math
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench/compare"))
from machine import machine, our_build  # noqa: E402


def sweep(binary, name, seed, folder):
    """Its seconds and its folder."""
    begin = time.perf_counter()
    subprocess.run([binary, "sweep", name, "--seed", str(seed), "--quiet", "--out", folder], check=True)
    return time.perf_counter() - begin, folder


def steps_of_trials(folder, seeds):
    with open(folder / "trials.csv", newline="") as file:
        return seeds * sum(int(row["steps"]) for row in csv.DictReader(file))


def batch_of(config):
    return config["num_envs"] * config["num_steps"]


class Task:
    """What the sweep's folder says of it, and a trial of it as a program of its own."""

    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder
        self.config = tomllib.loads((folder / "sweep.toml").read_text())
        self.plan = self.config.pop("sweep")
        self.space = self.plan.pop("space")
        self.sweep = json.loads((folder / "sweep.json").read_text())

    def flags(self, values, first_seed, seeds):
        keys = {**{key: self.config[key] for key in self.space}, **values}
        config = {**self.config, **keys}
        every = max(1, round(self.plan["eval_steps"] / batch_of(config)))
        flags = ["--seed", str(first_seed), "--num-seeds", str(seeds), "--eval-every", str(every)]
        for key, value in keys.items():
            text = str(value).lower() if isinstance(value, bool) else str(value)
            flags += [f"--{key.replace('_', '-')}", text]
        return flags

    def run(self, values, first_seed, seeds):
        """Metrics of the seeds, None where the target was not reached; their mean returns; and all their steps."""
        with tempfile.TemporaryDirectory() as place:
            base = pathlib.Path(place) / "base.toml"
            base.write_text("".join(f"{key} = {json.dumps(value)}\n" for key, value in self.config.items()
                                    if key not in ("eval_every", "num_seeds", "seed", "stop_at_return", "stop_on")))
            run = pathlib.Path(place) / "run"
            done = subprocess.run([self.binary, "--config", base, *self.flags(values, first_seed, seeds), "--quiet",
                                   "--out", run], capture_output=True, text=True)
            if done.returncode != 0:
                return [None] * seeds, [0] * seeds, 0
            metrics, returns = self.evaluations(run, seeds)
            return metrics, returns, seeds * self.config["total_timesteps"]

    def evaluations(self, run, seeds):
        curves = [[] for _ in range(seeds)]
        with open(run / "evals.csv", newline="") as file:
            for row in csv.DictReader(file):
                curves[int(row["agent"])].append((int(row["steps"]), float(row["return_mean"])))
        return [self.metric(curve) for curve in curves], [statistics.fmean(r for _, r in curve) for curve in curves]

    def metric(self, curve):
        reached = None
        for steps, value in reversed(curve):
            if value < self.sweep["target_return"]:
                break
            reached = steps
        return reached

    def worth(self, values, first_seed, seeds):
        metrics, returns, steps = self.run(values, first_seed, seeds)
        total = self.config["total_timesteps"]
        worths = sorted(2 * total - min(value, total) if metric is None else metric
                        for metric, value in zip(metrics, returns))
        return worths[len(worths) // 2], metrics, steps


def suggest(trial, key, dimension):
    if "values" in dimension:
        return trial.suggest_categorical(key, dimension["values"])
    low, high, scale = dimension["min"], dimension["max"], dimension.get("scale", "linear")
    if scale == "log1m":
        return 1 - math.exp(trial.suggest_float(key, math.log(1 - high), math.log(1 - low)))
    if scale == "pow2":
        return 2 ** trial.suggest_int(key, round(math.log2(low)), round(math.log2(high)))
    if isinstance(low, int) and isinstance(high, int):
        return trial.suggest_int(key, low, high, log=scale == "log")
    return trial.suggest_float(key, low, high, log=scale == "log")


def parameter(dimension, value):
    """What `suggest` has drawn for that value, moved into the space where it lies outside."""
    if "values" in dimension:
        return value if value in dimension["values"] else dimension["values"][0]
    value = min(max(value, dimension["min"]), dimension["max"])
    scale = dimension.get("scale")
    return math.log(1 - value) if scale == "log1m" else round(math.log2(value)) if scale == "pow2" else value


def optuna_search(task, seed, budget):
    """Seconds, trials, and the best confirmed median with its trials' values."""
    import optuna
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    seeds, confirm = task.sweep["seeds"], task.sweep["confirm_seeds"]
    begin = time.perf_counter()
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
    study.enqueue_trial({key: parameter(dimension, task.config[key]) for key, dimension in task.space.items()})
    steps, values_of = 0, {}
    while steps < budget:
        trial = study.ask()
        values = {key: suggest(trial, key, dimension) for key, dimension in task.space.items()}
        worth, _, taken = task.worth(values, seeds[0], len(seeds))
        study.tell(trial, worth)
        values_of[trial.number] = (worth, values)
        steps += max(taken, 1)
    best = sorted(values_of.values(), key=lambda pair: pair[0])[:task.plan["confirm_trials"]]
    confirmed = [(*task.worth(values, confirm[0], len(confirm))[:2], values) for _, values in best]
    worth, metrics, values = min(confirmed, key=lambda one: one[0])
    return {"seconds": time.perf_counter() - begin, "trials": len(values_of), "steps": steps,
            "confirmed": worth, "metrics": metrics, "values": values}


def repetition(binary, name, seed):
    with tempfile.TemporaryDirectory() as place:
        seconds, folder = sweep(binary, name, seed, pathlib.Path(place) / "sweep")
        task = Task(binary, folder)
        budget = steps_of_trials(folder, len(task.sweep["seeds"]))
        best = task.sweep["ranking"][0]
        config = next(one for one in task.sweep["ranking"] if one["trial"] == 0)
        ours = {"seconds": seconds, "trials": task.sweep["trials"], "steps": budget, "confirmed": best["score"],
                "low": best["low"], "high": best["high"], "values": best["values"], "config": config["score"]}
        return {"seed": seed, "sweep": ours, "optuna": optuna_search(task, seed, budget)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", nargs="?", default="sweep-cartpole")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / "build/release/ppo_train")
    parser.add_argument("--json", type=pathlib.Path)
    arguments = parser.parse_args()
    rounds = []
    print("| seed | sweep: s | trials | confirmed | Optuna: s | trials | confirmed |\n| --- | --- | --- | --- | --- | --- | --- |")
    for i in range(arguments.repetitions):
        rounds.append(repetition(arguments.binary, arguments.name, 1000 * (i + 1)))
        ours, theirs = rounds[-1]["sweep"], rounds[-1]["optuna"]
        print(f"| {rounds[-1]['seed']} | {ours['seconds']:.1f} | {ours['trials']} | {ours['confirmed']} | "
              f"{theirs['seconds']:.1f} | {theirs['trials']} | {theirs['confirmed']} |", flush=True)
    if arguments.json:
        import optuna
        arguments.json.write_text(json.dumps({
            "command": " ".join(sys.argv), "date": datetime.date.today().isoformat(), "machine": machine(),
            "build": our_build(arguments.binary), "optuna": optuna.__version__, "sweep": arguments.name,
            "repetitions": rounds}, indent=1) + "\n")


if __name__ == "__main__":
    main()
