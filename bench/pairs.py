#!/usr/bin/env python3
"""Compares two builds of ppo_train: runs them in turn, many times, and prints how much faster the second one is.

    bench/pairs.py [--pairs N] OLD NEW [-- FLAGS]     FLAGS go to both, as in -- --threads 1 --total-timesteps 400000

The figure is the median over the pairs of seconds of the cores, OLD's over NEW's, with the interval that holds it in
95 % of 2,000 resamplings. Other programs on the machine disturb it less than they disturb the seconds on the wall,
which follow. Runs of about a second are long enough.
"""
import argparse
import random
import resource
import statistics
import subprocess
import time


def seconds(binary, flags):
    """Of one run: of the cores, and on the wall."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime, time.monotonic()
    subprocess.run([binary, "--no-out", "--device", "cpu", "--quiet", *flags], check=True, stdout=subprocess.DEVNULL)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before, time.monotonic() - start


def interval(ratios):
    medians = sorted(statistics.median(random.choices(ratios, k=len(ratios))) for _ in range(2000))
    return medians[50], medians[-51]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("flags", nargs="*", metavar="FLAGS", help="of ppo_train, behind --")
    options = parser.parse_args()
    both = []
    for pair in range(options.pairs):
        order = [options.old, options.new] if pair % 2 else [options.new, options.old]
        measured = {binary: seconds(binary, options.flags) for binary in order}
        both.append((measured[options.old], measured[options.new]))
    for what, i in ("of the cores", 0), ("on the wall", 1):
        ratios = [old[i] / new[i] for old, new in both]
        low, high = interval(ratios)
        print(f"seconds {what}: {statistics.median(old[i] for old, _ in both):.3f} before; "
              f"ratio {statistics.median(ratios):.3f} ({low:.3f} to {high:.3f})")


if __name__ == "__main__":
    main()
