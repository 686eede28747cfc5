#!/usr/bin/env python3
"""Trains both presets over several seeds and prints the two tables of docs/results.md.

    python3 bench/learning.py [--binary build/release/ppo_train] [--curves FILE]

--curves names the reference's returns by update (tests/learning/reference_curves.json has them at nine updates).
Needs Python's standard library only.
"""
import argparse
import csv
import json
import pathlib
import statistics
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent


def train(binary, preset, seed, folder, num_seeds=1):
    run = folder / f"{preset}-{seed}"
    subprocess.run([binary, "--config", preset, "--seed", str(seed), "--num-seeds", str(num_seeds), "--quiet",
                    "--out", run], check=True)
    return run


def evaluate(binary, run, *flags):
    out = subprocess.run([binary, "eval", run, "--json", *flags], check=True, capture_output=True, text=True).stdout
    return [agent["return_mean"] for agent in json.loads(out)["agents"]]


def cartpole_v1(binary, folder):
    print("| seed | solved at step | return_100 at the end | greedy evaluation | seconds |")
    print("| --- | --- | --- | --- | --- |")
    for seed in range(1, 11):
        run = train(binary, "cartpole-v1", seed, folder)
        result = json.loads((run / "run.json").read_text())
        agent = result["agents"][0]
        solved = f"{agent['solved_at_step']:,}" if agent["solved_at_step"] else "not solved"
        greedy = evaluate(binary, run, "--greedy")[0]
        print(f"| {seed} | {solved} | {agent['return_100']:.1f} | {greedy:.1f} | {result['wall_s']:.2f} |")


def reference(binary, folder, curves):
    run = train(binary, "cartpole", 1, folder, num_seeds=24)
    rows = list(csv.DictReader((run / "metrics.csv").open()))
    theirs = json.loads(pathlib.Path(curves).read_text())
    print("| update | mean return here | in the reference | entropy here | in the reference | value loss here | in the reference |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for column, update in enumerate(theirs["updates"]):
        cells = []
        for ours, key, digits in (("return_mean", "return_by_update", 1), ("entropy", "entropy_by_update", 3),
                                  ("loss_value", "loss_critic_by_update", 1)):
            here = [float(row[ours]) for row in rows if int(row["update"]) == update and row[ours]]
            there = [seed[column] for seed in theirs[key] if seed[column] is not None]
            for values in (here, there):
                error = statistics.stdev(values) / len(values) ** 0.5
                cells.append(f"{statistics.mean(values):.{digits}f} ± {error:.{digits}f}")
        print(f"| {update} | {' | '.join(cells)} |")
    scores = evaluate(binary, run)
    wall = json.loads((run / "run.json").read_text())["wall_s"] / 24
    print(f"\nSampled policy after 499,712 steps, episodes of at most 500 steps, 24 seeds: "
          f"{statistics.mean(scores):.0f} on average, {min(scores):.0f} to {max(scores):.0f}. {wall:.1f} s a run.")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=ROOT / "build/release/ppo_train")
    parser.add_argument("--curves", default=ROOT / "tests/learning/reference_curves.json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cartpole_v1(options.binary, pathlib.Path(folder))
        print()
        reference(options.binary, pathlib.Path(folder), options.curves)


if __name__ == "__main__":
    main()
