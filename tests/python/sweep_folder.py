"""Writes the folder of a sweep that has never been trained: of cartpole, with numbers as real ones are, for tests of the
report and for looking at it.

  build/python/bin/python tests/python/sweep_folder.py FOLDER [--trials 256] [--seeds 3] [--method halving] [--running]
"""
import argparse
import json
import math
import pathlib

import numpy as np

TARGET, TOTAL, FIRST_RUNG = 475.0, 500_000, 25_000
RUNGS = [FIRST_RUNG * 2 ** i for i in range(5)] + [TOTAL]
SPACE = (
    {"key": "lr", "scale": "log", "min": 1e-4, "max": 1e-2},
    {"key": "gamma", "scale": "log1m", "min": 0.9, "max": 0.999},
    {"key": "gae_lambda", "scale": "linear", "min": 0.8, "max": 1.0},
    {"key": "clip_coef", "scale": "linear", "min": 0.1, "max": 0.4},
    {"key": "ent_coef", "scale": "log", "min": 1e-4, "max": 1e-1},
    {"key": "update_epochs", "values": [2, 4, 8, 16]},
    {"key": "anneal_lr", "values": [False, True]},
    {"key": "num_envs", "values": [4, 8, 16, 32, 64]},
    {"key": "num_steps", "scale": "pow2", "min": 16, "max": 256},
    {"key": "activation", "values": ["tanh", "relu"]},
)
AS_IT_STANDS = {"lr": 2.5e-4, "gamma": 0.99, "gae_lambda": 0.95, "clip_coef": 0.2, "ent_coef": 0.01, "update_epochs": 4,
                "anneal_lr": False, "num_envs": 64, "num_steps": 128, "activation": "tanh"}
BOUNDS = {"linear": (lambda x: x, lambda y: y), "log": (math.log, math.exp),
          "log1m": (lambda x: -math.log(1 - x), lambda y: 1 - math.exp(-y))}


def draw(rng, entry):
    if "values" in entry:
        return entry["values"][rng.integers(len(entry["values"]))]
    if entry["scale"] == "pow2":
        return 2 ** int(rng.integers(int(math.log2(entry["min"])), int(math.log2(entry["max"])) + 1))
    there, back = BOUNDS[entry["scale"]]
    return float(back(rng.uniform(there(entry["min"]), there(entry["max"]))))


def as_text(value):
    return str(value).lower() if isinstance(value, bool) else repr(value) if isinstance(value, float) else str(value)


def speed(values):
    """Log of the steps to solve it: with a best learning rate, a gamma that must be large, and some of the rest."""
    lr, horizon = math.log10(values["lr"]), -math.log10(1 - values["gamma"])
    return (10.3 + 0.9 * (lr + 2.75) ** 2 + 0.5 * (horizon - 2.1) ** 2 + 0.12 * math.log2(values["num_envs"] / 8) ** 2
            + (0.25 if values["activation"] == "relu" else 0) - 0.12 * math.log2(values["update_epochs"])
            + 2.5 * abs(values["gae_lambda"] - 0.95) + 0.1 * math.log2(values["num_steps"] / 64) ** 2)


def update_end(values, steps):
    """The end of the first update that has at least these steps, or of the last one."""
    batch = values["num_envs"] * values["num_steps"]
    return min(-(-steps // batch), TOTAL // batch) * batch


def curve(rng, values):
    """[(steps, return)] of evaluations to the end, about every 2,000 steps and where rungs are passed."""
    batch = values["num_envs"] * values["num_steps"]
    interval = batch * max(1, round(2000 / batch))
    steps = np.array(sorted({*range(interval, TOTAL + 1, interval), *(update_end(values, rung) for rung in RUNGS)}))
    middle = math.exp(speed(values) + rng.normal(0, 0.14))
    rise = 1 / (1 + np.exp(-(steps - 0.72 * middle) / (0.07 * middle)))
    noise = rng.normal(0, 1, len(steps)) * 60 * (rise * (1 - rise) * 4 + 0.02) - (rng.random(len(steps)) < 0.0006) * 90
    return list(zip(steps.tolist(), np.clip(9.4 + 490.6 * rise * 1.02 + noise, 9, 500).round(2).tolist()))


def steps_to_greedy(points):
    """Steps at the first evaluation from which on all reach the target; None: the last does not."""
    score = None
    for steps, value in points:
        score = (score or steps) if value >= TARGET else None
    return score


def until(points, steps):
    return [point for point in points if point[0] <= steps]


def standing(curves):
    """(score, mean return over all evaluations of all seeds) of a trial, to be compared by order()."""
    score = sorted(steps_to_greedy(points) or math.inf for points in curves)[len(curves) // 2]
    mean = float(np.mean([np.mean([value for _, value in points]) if points else -math.inf for points in curves]))
    return (None if math.isinf(score) else int(score)), mean


def order(score, mean):
    return (math.inf if score is None else score, -mean)


class Sweep:
    """The trials of a sweep: who trains how far."""

    def __init__(self, trials=256, seeds=3, method="halving", running=False, random_seed=1, space=SPACE):
        self.rng = np.random.default_rng(random_seed)
        self.method, self.running, self.space = method, running, space
        self.seeds, self.confirm_seeds = list(range(42, 42 + seeds)), list(range(42 + seeds, 52 + seeds))
        self.values = [AS_IT_STANDS] + [{**AS_IT_STANDS, **{e["key"]: draw(self.rng, e) for e in space}} for _ in range(trials - 1)]
        self.curves = [[curve(self.rng, values) for _ in self.seeds] for values in self.values]
        self.rungs = {"random": [TOTAL], "halving": RUNGS, "pbt": list(range(FIRST_RUNG, TOTAL + 1, FIRST_RUNG))}[method]
        self.rung, self.steps, self.state, self.cut_at = ([0] * trials, [TOTAL] * trials, ["finished"] * trials, [None] * trials)
        if method == "halving":
            self.halve()
        else:
            self.rung = [len(self.rungs)] * trials

    def halve(self):
        left = list(range(len(self.values)))
        for i, steps in enumerate(self.rungs[:-1]):
            ranked = sorted(left, key=lambda k: order(*standing(self.trained(k, steps))))
            left = ranked[:(len(ranked) + 1) // 2]
            for place, k in enumerate(ranked):
                self.rung[k] = i + 1
                if place < len(left):
                    continue
                self.cut_at[k] = steps
                is_control = self.rng.random() < 0.125
                self.state[k], self.steps[k] = ("control", TOTAL) if is_control else ("cut", steps)
            if self.running and i == 1:
                break
        for k, state in enumerate(self.state):
            if state == "cut":
                continue
            self.rung[k] = 2 if self.running else len(self.rungs)
            self.steps[k] = self.rungs[self.rung[k] - 1]
            self.state[k] = "finished" if not self.running else "training" if state == "finished" else state

    def trained(self, k, steps=None):
        end = update_end(self.values[k], steps or self.steps[k])
        return [until(points, end) for points in self.curves[k]]

    def confirm(self, count=5):
        best = sorted((k for k, state in enumerate(self.state) if state == "finished"), key=lambda k: order(*standing(self.trained(k))))
        self.confirmed = {k: [curve(self.rng, self.values[k]) for _ in self.confirm_seeds] for k in best[:count]}
        return sorted(self.confirmed, key=lambda k: order(*standing(self.confirmed[k])))


def cell(value):
    return "" if value is None else str(value)


def entry_of(sweep, rank, k):
    seeds = [steps_to_greedy(points) for points in sweep.confirmed[k]]
    reached = [one for one in seeds if one is not None]
    every = len(reached) == len(seeds)
    return {"rank": rank, "trial": k, "values": {e["key"]: sweep.values[k][e["key"]] for e in sweep.space},
            "score": standing(sweep.confirmed[k])[0], "low": min(reached, default=None), "high": max(reached) if every else None,
            "reached": len(reached), "seeds": len(seeds)}


def control_of(sweep):
    ranked = sorted(range(len(sweep.state)), key=lambda k: order(*standing(sweep.trained(k))))
    controls = [k for k in ranked if sweep.state[k] == "finished" and sweep.cut_at[k]]
    if not controls:
        return None
    best = next(k for k in ranked if sweep.state[k] == "finished" and not sweep.cut_at[k])
    return {"trials": len(controls), "best_kept": {"trial": best, "score": standing(sweep.trained(best))[0]},
            "best_cut": {"trial": controls[0], "score": standing(sweep.trained(controls[0]))[0], "cut_at": sweep.cut_at[controls[0]]}}


def write_tables(sweep, folder, ranking):
    keys = [e["key"] for e in sweep.space]
    with open(folder / "trials.csv", "w") as file:
        print("trial", *keys, "rung", "steps", "score", *(f"seed_{s}" for s in sweep.seeds), "state", "cut_at", sep=",", file=file)
        for k, values in enumerate(sweep.values):
            seeds = [steps_to_greedy(points) for points in sweep.trained(k)]
            print(k, *(as_text(values[key]) for key in keys), sweep.rung[k], update_end(values, sweep.steps[k]), cell(standing(sweep.trained(k))[0]),
                  *map(cell, seeds), sweep.state[k], cell(sweep.cut_at[k]), sep=",", file=file)
    with open(folder / "curves.csv", "w") as file:
        print("stage,trial,seed,steps,return", file=file)
        stages = [("sweep", k, s, points) for k in range(len(sweep.values)) for s, points in zip(sweep.seeds, sweep.trained(k))]
        stages += [("confirm", k, s, points) for k in sorted(ranking) for s, points in zip(sweep.confirm_seeds, sweep.confirmed[k])]
        for stage, k, s, points in stages:
            file.writelines(f"{stage},{k},{s},{steps},{value}\n" for steps, value in points)
    if not sweep.running:
        with open(folder / "confirmed.csv", "w") as file:
            print("rank,trial,score,low,high,reached", *(f"seed_{s}" for s in sweep.confirm_seeds), sep=",", file=file)
            for rank, k in enumerate(ranking, 1):
                one = entry_of(sweep, rank, k)
                print(rank, k, *(cell(one[name]) for name in ("score", "low", "high", "reached")),
                      *(cell(steps_to_greedy(points)) for points in sweep.confirmed[k]), sep=",", file=file)


def write_schedule(sweep, folder, winner):
    tuned = dict(sweep.values[winner])
    with open(folder / "schedule.csv", "w") as file:
        print("steps", *(e["key"] for e in sweep.space), sep=",", file=file)
        for steps in range(0, TOTAL, FIRST_RUNG):
            print(steps, *(as_text(tuned[e["key"]]) for e in sweep.space), sep=",", file=file)
            for e in sweep.space:
                if "scale" in e and e["scale"] != "pow2" and sweep.rng.random() < 0.3:
                    there, back = BOUNDS[e["scale"]]
                    low, high = there(e["min"]), there(e["max"])
                    tuned[e["key"]] = back(min(high, max(low, there(tuned[e["key"]]) + sweep.rng.normal(0, 0.1) * (high - low))))


def write_sweep(folder, **options):
    """Writes the folder; returns what sweep.json holds."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True)
    sweep = Sweep(**options)
    ranking = [] if sweep.running else sweep.confirm()
    write_tables(sweep, folder, ranking)
    if sweep.method == "pbt" and ranking:
        write_schedule(sweep, folder, ranking[0])
    written = {"version": "0.9.0", "numerics_version": 2, "complete": not sweep.running, "env": "cartpole", "method": sweep.method,
               "metric": "steps_to_greedy", "target_return": TARGET, "trials": len(sweep.values), "seeds": sweep.seeds,
               "confirm_seeds": sweep.confirm_seeds, "rungs": sweep.rungs, "total_timesteps": TOTAL, "space": list(sweep.space),
               "ranking": [entry_of(sweep, rank, k) for rank, k in enumerate(ranking, 1)],
               "control": control_of(sweep) if sweep.method == "halving" and not sweep.running else None}
    (folder / "sweep.json").write_text(json.dumps(written, indent=1) + "\n")
    (folder / "facts.json").write_text(json.dumps({
        "version": "0.9.0", "machine": {"processor": "AMD EPYC 9655", "cores": 96, "system": "Linux 6.8", "architecture": "x86_64"},
        "device": "cuda:0", "gpu": "NVIDIA H200", "finished": "2026-11-29T08:09:04Z", "seconds": 74.3}) + "\n")
    (folder / "sweep.toml").write_text(f"env = \"cartpole\"\ntotal_timesteps = {TOTAL}\n\n[sweep]\ntrials = {len(sweep.values)}\n"
                                       f"method = \"{sweep.method}\"\n# <as resolved>\n")
    if ranking:
        (folder / "best.toml").write_text("".join(f"{key} = {json.dumps(value)}\n" for key, value in sweep.values[ranking[0]].items()))
    return written


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--trials", type=int, default=256)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--method", choices=("random", "halving", "pbt"), default="halving")
    parser.add_argument("--running", action="store_true")
    write_sweep(**vars(parser.parse_args()))
