#!/usr/bin/env python3
"""What the number of threads costs where it is given, and where ppo_train finds it, on an idle machine and a busy one.

    python3 bench/team_size.py [--rounds 5] [--json FILE] [--binary build/release/ppo_train]

In each round each config trains with 1, 2, ... up to all cores' threads (--threads N) and with as many as it finds
(--threads 0), one after the other; first beside nothing, then beside one program that never rests. Seconds are of the
whole process. Prints medians, and of each round the best given number's seconds divided by those of the found one.
"""
import argparse
import contextlib
import datetime
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench/compare"))
from machine import machine, our_build  # noqa: E402

CONFIGS = {
    "cartpole.toml": ["--config", "cartpole"],
    "cartpole-v1": ["--config", "cartpole-v1"],
    "rl-zoo's values": ["--config", "cartpole", "--num-envs", "8", "--num-steps", "32", "--num-minibatches", "4",
                        "--update-epochs", "20", "--total-timesteps", "100000", "--lr", "0.001"],
}


@contextlib.contextmanager
def beside(busy):
    """One program that never rests, if there is to be one."""
    program = subprocess.Popen([sys.executable, "-c", "while True: pass"]) if busy else None
    try:
        yield
    finally:
        if program:
            program.kill()
            program.wait()


def seconds(binary, config, threads):
    with tempfile.TemporaryDirectory() as place:
        command = [binary, *CONFIGS[config], "--device", "cpu", "--threads", str(threads), "--out", f"{place}/run", "--quiet"]
        begin = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        return time.perf_counter() - begin


def measure(binary, counts):
    figures = {}
    for busy in (False, True):
        with beside(busy):
            for config in CONFIGS:
                name = f"{config}, {'busy' if busy else 'idle'}"
                figures[name] = {threads: seconds(binary, config, threads) for threads in (*counts, 0)}
    return figures


def show(rounds, counts):
    print(f"{'':28}" + "".join(f"{f'{threads} threads':>12}" for threads in counts) + f"{'found':>12}{'best/found':>12}")
    for name in rounds[0]:
        cells = [statistics.median(one[name][threads] for one in rounds) for threads in (*counts, 0)]
        ratio = statistics.median(min(one[name][threads] for threads in counts) / one[name][0] for one in rounds)
        print(f"{name:28}" + "".join(f"{cell:12.3f}" for cell in cells) + f"{ratio:12.3f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / "build/release/ppo_train")
    options = parser.parse_args()
    options.binary = options.binary.resolve()
    counts = range(1, len(os.sched_getaffinity(0)) + 1)
    facts = {"date": datetime.date.today().isoformat(), "machine": machine(), "build": our_build(options.binary)}
    rounds = [measure(options.binary, counts) for _ in range(options.rounds)]
    show(rounds, counts)
    if options.json:
        options.json.write_text(json.dumps(facts | {"rounds": rounds}, indent=2) + "\n")


if __name__ == "__main__":
    main()
