#!/usr/bin/env python3
"""What a sweep costs beside the training of its agents.

    python3 bench/sweep_cost.py [--rounds 9] [--agents 64] [--json FILE] [--binary build/release/ppo_train]

In each round, one after the other, the same number of agents of cartpole-v1 train to the end:

- as a plain population (train --num-seeds N --no-out);
- as trials of a random sweep that differ in every key that does not change the work, without evaluations;
- as the same sweep, evaluated as often as configs/sweep-cartpole.toml says.

Each is steps/s of all agents from process start to end; a sweep's confirmation, one seed of two trials, counts as
steps, too. Prints the medians of the rates, and of their ratios to the population of the same round.
"""
import argparse
import csv
import datetime
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench/compare"))
from machine import machine, our_build  # noqa: E402

SPACE = """[sweep.space]
lr = { min = 1.9e-3, max = 2.1e-3 }
gamma = { min = 0.985, max = 0.99 }
gae_lambda = { min = 0.89, max = 0.91 }
clip_coef = { min = 0.19, max = 0.21 }
ent_coef = { min = 0.009, max = 0.011 }
vf_coef = { min = 0.45, max = 0.55 }
max_grad_norm = { min = 0.45, max = 0.55 }
"""


def timed(command):
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin


def preset(binary):
    text = subprocess.run([binary, "--config", "cartpole-v1", "--print-config"], check=True, capture_output=True,
                          text=True).stdout
    left_out = ("eval_every", "eval_episodes", "stop_at_return", "stop_on", "num_seeds", "init_from")
    return "".join(line + "\n" for line in text.splitlines() if not line.startswith(left_out))


def sweep_rate(binary, base, agents, metric, place):
    file, folder = place / f"{metric}.toml", place / f"{metric}-sweep"
    file.write_text(f"{base}eval_episodes = 5\n[sweep]\ntrials = {agents}\neval_steps = 4000\nmethod = \"random\"\nmetric = \"{metric}\"\n"
                    f"seeds_per_trial = 1\nconfirm_trials = 1\nconfirm_seeds = 1\n{SPACE}")
    seconds = timed([binary, "sweep", file, "--quiet", "--out", folder])
    with open(folder / "trials.csv", newline="") as rows:
        steps = [int(row["steps"]) for row in csv.DictReader(rows)]
    with open(folder / "confirmed.csv", newline="") as rows:
        confirmed = len(list(csv.DictReader(rows)))
    return (sum(steps) + confirmed * steps[0]) / seconds


def population_rate(binary, agents):
    seconds = timed([binary, "--config", "cartpole-v1", "--num-seeds", str(agents), "--no-out", "--quiet"])
    return agents * 98_304 / seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--agents", type=int, default=64)
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / "build/release/ppo_train")
    parser.add_argument("--json", type=pathlib.Path)
    arguments = parser.parse_args()
    base = preset(arguments.binary)
    rounds = []
    for _ in range(arguments.rounds):
        with tempfile.TemporaryDirectory() as place:
            rounds.append({"population": population_rate(arguments.binary, arguments.agents),
                           "mixed": sweep_rate(arguments.binary, base, arguments.agents, "return_100",
                                               pathlib.Path(place)),
                           "evaluated": sweep_rate(arguments.binary, base, arguments.agents, "steps_to_greedy",
                                                   pathlib.Path(place))})
    for name in rounds[0]:
        ratio = statistics.median(one[name] / one["population"] for one in rounds)
        print(f"{name:11} {statistics.median(one[name] for one in rounds):11,.0f} steps/s, {ratio:.3f} of a population")
    if arguments.json:
        arguments.json.write_text(json.dumps({
            "command": " ".join(sys.argv), "date": datetime.date.today().isoformat(), "machine": machine(),
            "build": our_build(arguments.binary), "rounds": rounds}, indent=1) + "\n")


if __name__ == "__main__":
    main()
