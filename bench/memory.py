#!/usr/bin/env python3
"""How much memory training takes: the formula of docs/performance.md and what was measured.

    python3 bench/memory.py [--binary FILE] [--threads N] [--json FILE]

Trains CartPole with the default config for one update of 128 steps, on the CPU and without a run folder, and prints the
table: peak resident memory of the process, and what its agents take by their arrays (include/ppo/train_state.hpp) plus
what a process has besides. The latter is what a run with one environment takes, less its agent. Needs GNU time
(Debian's package time): a child of Python itself would inherit the peak of Python.
"""
import argparse
import datetime
import json
import pathlib
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench/compare"))
from machine import machine, our_build  # noqa: E402

MIB = 2**20
ROWS = ((1, 64), (1, 1024), (1, 16384), (1, 65536), (256, 64))  # agents, environments of each

# CartPole and the default config.
O, ACTIONS, HIDDEN = 4, 2, 64
SLOT = 40  # bytes: the state, the running episode's length, return and discounted return
STEPS, MINIBATCHES = 128, 4
LEAF, LEAVES, LOSS_TERMS = 16, 8, 5  # samples, those of a group, numbers summed beside the gradient


def parameters():
    hidden = O * HIDDEN + HIDDEN + HIDDEN * HIDDEN + HIDDEN
    return 2 * hidden + HIDDEN * ACTIONS + ACTIONS + HIDDEN + 1


def agent_bytes(envs):
    """Without a time limit."""
    P = parameters()
    minibatch = STEPS * envs // MINIBATCHES
    group = -(-minibatch // 32768) * LEAF * LEAVES
    groups = -(-minibatch // group)
    of_environment = 4 * O + 61 + 2 * SLOT + 24 * (O + 1)
    return STEPS * envs * (4 * O + 18) + envs * of_environment + 16 * P + 4 * (P + LOSS_TERMS) * groups


def peak_bytes(options, agents, envs):
    command = [options.binary, "--no-out", "--quiet", "--device", "cpu", "--threads", str(options.threads),
               "--num-steps", str(STEPS), "--num-minibatches", str(MINIBATCHES), "--num-envs", str(envs),
               "--num-seeds", str(agents), "--total-timesteps", str(STEPS * envs)]
    # The median of three runs.
    return sorted(int(subprocess.run(["/usr/bin/time", "-f", "%M", *command], check=True, stderr=subprocess.PIPE,
                                     text=True).stderr.splitlines()[-1]) * 1024 for _ in range(3))[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / "build/release/ppo_train")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=pathlib.Path, help="file for the table's bytes")
    options = parser.parse_args()
    besides = peak_bytes(options, 1, 1) - agent_bytes(1)
    print(f"The program, its libraries and {options.threads} threads take {besides / MIB:.1f} MiB.\n")
    print("| agents × environments | by the formula | measured |")
    print("| --- | --- | --- |")
    rows = []
    for agents, envs in ROWS:
        expected, measured = besides + agents * agent_bytes(envs), peak_bytes(options, agents, envs)
        rows.append({"agents": agents, "envs": envs, "formula": expected, "measured": measured})
        print(f"| {agents} × {envs:,} | {expected / MIB:.1f} MiB | {measured / MIB:.1f} MiB |")
    if options.json:
        result = {"command": shlex.join(sys.argv), "date": datetime.date.today().isoformat(), "machine": machine(),
                  "build": our_build(options.binary), "threads": options.threads, "besides": besides, "rows": rows}
        options.json.write_text(json.dumps(result).replace('{"agents"', '\n {"agents"') + "\n")


if __name__ == "__main__":
    main()
