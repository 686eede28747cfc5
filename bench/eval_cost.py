#!/usr/bin/env python3
"""What evaluations while training cost: cartpole-v1 with and without eval_every, in turn.

    python3 bench/eval_cost.py [--binary FILE] [--rounds N] [--every N] [--json FILE]

Prints the median ratio of the training times (wall_s of run.json), paired by round and between the medians. Runs are
written to a temporary folder; --threads and further flags of training may follow --.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent


def seconds(options, folder, name, *flags):
    run = folder / name
    subprocess.run([options.binary, "--config", "cartpole-v1", "--quiet", "--out", run, *options.more, *flags],
                   check=True)
    result = json.loads((run / "run.json").read_text())
    return result["wall_s"], result["machine"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=ROOT / "build/release/ppo_train")
    parser.add_argument("--rounds", type=int, default=51)
    parser.add_argument("--every", type=int, default=10, help="eval_every of the runs that evaluate")
    parser.add_argument("--json", type=pathlib.Path, help="file for all rounds")
    parser.add_argument("more", nargs="*", help="flags of both kinds of runs, after --")
    options = parser.parse_args()
    without, with_evals = [], []
    for index in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            kinds = [(without, "without", ()), (with_evals, "with", ("--eval-every", str(options.every)))]
            for times, name, flags in kinds if index % 2 == 0 else reversed(kinds):
                wall_s, machine = seconds(options, folder, name, *flags)
                times.append(wall_s)
    paired = statistics.median(b / a for a, b in zip(without, with_evals))
    between = statistics.median(with_evals) / statistics.median(without)
    print(f"without {statistics.median(without):.4f} s, eval_every {options.every}: "
          f"{statistics.median(with_evals):.4f} s; ratio {paired:.4f} paired, {between:.4f} between medians, "
          f"{options.rounds} rounds")
    if options.json:
        options.json.write_text(json.dumps({"machine": machine, "every": options.every, "without_s": without,
                                            "with_s": with_evals, "paired": paired, "between_medians": between}) + "\n")


if __name__ == "__main__":
    main()
