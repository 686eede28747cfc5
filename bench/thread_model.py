#!/usr/bin/env python3
"""How training one agent should scale over the threads of a machine that is larger than the one measured.

    build/release/ppo_bench --threads 1,2 --json FILE
    python3 bench/thread_model.py FILE [--threads 1 2 4 8 16 32]

A stage is as fast as the thread with the most of its parts, and ends at a barrier:

    stage  = work of one thread * ceil(parts / threads) / parts + serial part + barriers
    parts  = environments (rollout), samples / 64 (values), chunks of 16 environments (advantages),
             networks of groups of 128 samples (gradient), slices of 256 parameters (reduce, adam)

Work and serial parts are fitted to the stages of one thread and of the file's largest team: what did not shrink with the
threads is serial, or is waiting, or lies in the other core's cache. A barrier costs what the file says of two threads times log2(threads),
which is assumed, as is that every thread has a core of its own, as fast as the one measured.
"""
import argparse
import json
import math
import pathlib
import statistics

MINIBATCH_STAGES = ("gradient", "reduce", "adam")


def parts(config, parameters):
    batch = config["num_envs"] * config["num_steps"]
    minibatch = batch // config["num_minibatches"]
    slices = math.ceil(parameters / 256)
    return {"rollout": config["num_envs"], "values": math.ceil(batch / 64),
            "advantages": math.ceil(config["num_envs"] / 16),
            "gradient": 2 * min(math.ceil(minibatch / 128), 256), "reduce": slices, "adam": slices}


def share(count, threads):
    return math.ceil(count / threads) / count


def fit(alone, together, count, threads):
    """(divided, serial) of a stage's seconds: what explains both measurements."""
    part = share(count, threads)
    if part == 1:
        return alone, 0.0
    serial = min(max((together - alone * part) / (1 - part), 0.0), alone)
    return alone - serial, serial


def seconds_of(team):
    return {stage["stage"]: stage["work_s"] + stage["wait_s"] for stage in team["stages_of_an_update"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2, 4, 8, 16, 32])
    options = parser.parse_args()
    measured = json.loads(options.file.read_text())
    config, first, last = measured["config"], measured["teams"][0], measured["teams"][-1]
    if first["threads"] != 1 or last["threads"] == 1:
        parser.error(f"{options.file} needs a team of one thread and one of more: ppo_bench --threads 1,2 --json FILE")
    counts = parts(config, measured["parameters"])
    alone, together = seconds_of(first), seconds_of(last)
    barrier = statistics.median(last["barrier_s"]) / math.log2(last["threads"])
    minibatches = config["update_epochs"] * config["num_minibatches"]
    batch = config["num_envs"] * config["num_steps"]

    for team in (first, last):
        print(f"measured with {team['threads']}: {statistics.median(team['sps']):,.0f} steps/s")
    print(f"{'threads':>7} {'steps/s':>12} {'speed-up':>9}  slowest stages, us an update")
    base = None
    for threads in options.threads:
        stages = {}
        for name, count in counts.items():
            divided, serial = fit(alone[name], together[name], count, last["threads"])
            meetings = minibatches if name in MINIBATCH_STAGES else 1
            wait = meetings * barrier * math.log2(threads)
            stages[name] = divided * share(count, threads) + serial + wait
        total = sum(stages.values())
        base = base or total
        slowest = sorted(stages.items(), key=lambda stage: -stage[1])[:3]
        print(f"{threads:7} {batch / total:12,.0f} {base / total:9.2f}  "
              + ", ".join(f"{name} {seconds * 1e6:,.0f}" for name, seconds in slowest))


if __name__ == "__main__":
    main()
