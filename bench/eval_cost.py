#!/usr/bin/env python3
"""What evaluations while training cost: cartpole-v1 with and without eval_every, in turn.

    python3 bench/eval_cost.py [--binary FILE] [--rounds N] [--every N] [--json FILE]

Prints the median ratio of the seconds from process start to exit, paired by round and between the medians: all that
evaluations add is in them, also the start of their threads, the evaluation after the last update and the writing of
best.safetensors. Runs are written to a temporary folder; --threads and further flags of training may follow --.
"""
import argparse
import datetime
import json
import pathlib
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench/compare"))
from machine import machine, our_build  # noqa: E402


def seconds(options, folder, name, *flags):
    command = [options.binary, "--config", "cartpole-v1", "--quiet", "--out", folder / name, *options.more, *flags]
    begin = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - begin


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / "build/release/ppo_train")
    parser.add_argument("--rounds", type=int, default=51)
    parser.add_argument("--every", type=int, default=10, help="eval_every of the runs that evaluate")
    parser.add_argument("--json", type=pathlib.Path, help="file for all rounds")
    parser.add_argument("more", nargs="*", help="flags of both kinds of runs, after --")
    options = parser.parse_args()
    ran_on = machine()
    without, with_evals = [], []
    for index in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            kinds = [(without, "without", ()), (with_evals, "with", ("--eval-every", str(options.every)))]
            for times, name, flags in kinds if index % 2 == 0 else reversed(kinds):
                times.append(seconds(options, folder, name, *flags))
    paired = statistics.median(b / a for a, b in zip(without, with_evals))
    between = statistics.median(with_evals) / statistics.median(without)
    print(f"without {statistics.median(without):.4f} s, eval_every {options.every}: "
          f"{statistics.median(with_evals):.4f} s; ratio {paired:.4f} paired, {between:.4f} between medians, "
          f"{options.rounds} rounds")
    if options.json:
        result = {"command": shlex.join(sys.argv), "date": datetime.date.today().isoformat(), "machine": ran_on,
                  "build": our_build(options.binary), "flags": options.more, "rounds": options.rounds,
                  "every": options.every, "without_s": without, "with_s": with_evals, "paired": paired,
                  "between_medians": between}
        options.json.write_text(json.dumps(result) + "\n")



if __name__ == "__main__":
    main()
