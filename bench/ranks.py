#!/usr/bin/env python3
"""What ranks of an MPI job give on this machine, beside one process.

    python3 bench/ranks.py [--rounds 5] [--json FILE] [--binary build/release/ppo_train]

In each round, one after the other, on two cores:

- agents: 256 agents of cartpole-v1, by one process of two threads and by two ranks of one thread;
- rows: 1,024 agents whose updates are as small as can be, by two ranks, which leave a whole run folder: rows of
  metrics.csv a second, all of which rank 0 writes;
- together: one agent with batches of 8,192 to 1,048,576 samples, by one and two threads of one process, and by two
  ranks that train it together.

Rates are the program's own, without its start. Prints the medians of the rates, and of the ratios within a round.
"""
import argparse
import datetime
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench/compare"))
from machine import machine, our_build  # noqa: E402

ANYWHERE = os.environ | {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
                         "OMPI_MCA_rmaps_base_oversubscribe": "1",  # Open MPI 4, and 5:
                         "PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe"}
BATCHES = (64, 512, 4096, 8192)  # environments of 128 steps


def rate(binary, ranks, threads, *flags):
    """Environment steps/s."""
    launcher = ["mpirun", "-n", str(ranks)] if ranks > 1 else []
    command = [*launcher, binary, "--config", "cartpole-v1", "--eval-every", "0", "--stop-at-return", "inf", "--device",
               "cpu", "--threads", str(threads), *map(str, flags)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=ANYWHERE)
    return int(re.search(r"done +[\d,]+ steps in .* ([\d,]+) steps/s", done.stdout)[1].replace(",", ""))


def agents(binary):
    flags = ("--num-seeds", 256, "--total-timesteps", 32_768, "--no-out")
    return {"threads": rate(binary, 1, 2, *flags), "ranks": rate(binary, 2, 1, *flags)}


def rows(binary):
    with tempfile.TemporaryDirectory() as place:
        small = ("--num-envs", 1, "--num-steps", 1, "--num-minibatches", 1, "--update-epochs", 1, "--hidden-size", 32)
        steps = rate(binary, 2, 1, *small, "--num-seeds", 1024, "--total-timesteps", 1000, "--out", f"{place}/run")
        return {"rows": steps}  # an update is one step


def together(binary, num_envs):
    flags = ("--num-envs", num_envs, "--total-timesteps", max(4 * num_envs * 128, 2_000_000), "--no-out")
    return {"one thread": rate(binary, 1, 1, *flags), "two threads": rate(binary, 1, 2, *flags),
            "two ranks": rate(binary, 2, 1, *flags, "--ranks-per-agent", 2)}


def show(name, rounds, base):
    for what in rounds[0]:
        ratio = statistics.median(one[what] / one[base] for one in rounds)
        print(f"{name:22} {what:12} {statistics.median(one[what] for one in rounds):12,.0f} /s   {ratio:.3f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / "build/release/ppo_train")
    parser.add_argument("--json", type=pathlib.Path)
    arguments = parser.parse_args()
    before = machine()
    measured = {"agents": [], "rows": []} | {f"together {128 * n}": [] for n in BATCHES}
    for _ in range(arguments.rounds):
        measured["agents"].append(agents(arguments.binary))
        measured["rows"].append(rows(arguments.binary))
        for num_envs in BATCHES:
            measured[f"together {128 * num_envs}"].append(together(arguments.binary, num_envs))
    show("agents", measured["agents"], "threads")
    show("rows", measured["rows"], "rows")
    for num_envs in BATCHES:
        show(f"together {128 * num_envs:,}", measured[f"together {128 * num_envs}"], "one thread")
    if arguments.json:
        arguments.json.write_text(json.dumps({
            "command": " ".join(sys.argv), "date": datetime.date.today().isoformat(), "machine": before,
            "build": our_build(arguments.binary), "rounds": measured}, indent=1) + "\n")


if __name__ == "__main__":
    main()
