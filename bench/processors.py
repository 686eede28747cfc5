#!/usr/bin/env python3
"""The table of docs/performance.md: what share of the cores' peak the CPU engine reaches, by processor.

    python3 bench/processors.py NAME=FILE...      FILE: what ppo_bench --json wrote; NAME: what the table calls the processor

Names are given, as virtual machines hide the model. Each row is a size of the team; figures are medians of its rounds.
"""
import json
import statistics
import sys
from pathlib import Path


def rows(name, result):
    """A processor's, from the largest team to the smallest."""
    for team in sorted(result["teams"], key=lambda each: -each["threads"]):
        sps = statistics.median(team["sps"])
        peak = statistics.median(team["peak_flops_per_s"]) / 1e9
        yield (name, f"`{result['level']}`", team["threads"], f"{sps:,.0f}", f"{sps * result['flops_per_step'] / 1e9:.0f}",
               f"{peak:.0f}", f"{statistics.median(team['fraction_of_peak']):.3f}", result["numerics_version"],
               result["date"][:10])


def main(arguments):
    if not arguments or not all("=" in argument for argument in arguments):
        sys.exit(__doc__)
    print("| processor | level | threads | steps/s | GFLOP/s | peak GFLOP/s | fraction of peak | numerics | date |")
    print("| " + " | ".join(["---"] * 9) + " |")
    for argument in arguments:
        name, path = argument.split("=", 1)
        result = json.loads(Path(path).read_text())
        if "teams" not in result:
            sys.exit(f"{path}: there are no teams in it; it must be what ppo_bench --json wrote of the CPU engine")
        for row in rows(name, result):
            print("| " + " | ".join(map(str, row)) + " |")


if __name__ == "__main__":
    main(sys.argv[1:])
