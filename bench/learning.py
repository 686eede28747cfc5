#!/usr/bin/env python3
"""Trains presets over several seeds and prints the tables of docs/results.md.

    python3 bench/learning.py [--seeds 1 10] [--json FILE]
                                                    the two tables of CartPole; FILE gets the first one's raw data
    python3 bench/learning.py acrobot-v1 pendulum-v1 [--seeds 11 30] [--json FILE] [--gymnasium]
                                                    configs/acrobot-v1.toml and so on, judged by TARGETS

--binary is build/release/ppo_train unless given. --curves names the reference's returns by update
(tests/learning/reference_curves.json has them at nine updates). A judged seed meets its target if the mean return of
its latest 100 episodes gets there within the steps allowed, and that of 100 greedy episodes of the final policy
does too. With --gymnasium these episodes are Gymnasium's own, and the policy is the exported ONNX file. The exit code is
1 if a preset meets its target with fewer than nine seeds in ten. Needs Python's standard library only; --gymnasium needs
gymnasium and onnxruntime (build/python/bin/python has them after scripts/test.sh).
"""
import argparse
import csv
import datetime
import json
import pathlib
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench/compare"))
from machine import machine, our_build  # noqa: E402

# Preset: return_100, the steps it must be reached within, and the greedy return.
TARGETS = {
    "cartpole-v1": (475, 100_000, 490),
    "acrobot-v1": (-100, 300_000, -85),
    "mountain-car-v0": (-115, 1_000_000, -112),
    "mountain-car-continuous-v0": (90, 300_000, 90),
    "pendulum-v1": (-200, 300_000, -175),
}

# CartPole's greedy mean returns that should last; at 500, every episode runs into the time limit.
LASTING = (475, 500)


def train(binary, preset, seed, folder, num_seeds=1, config=None, threads=0, more=()):
    run = folder / f"{preset}-{seed}"
    subprocess.run([binary, "--config", config or preset, "--seed", str(seed), "--num-seeds", str(num_seeds),
                    "--threads", str(threads), "--quiet", "--out", run, *more], check=True)
    return run


def evaluate(binary, run, *flags):
    out = subprocess.run([binary, "eval", run, "--json", *flags], check=True, capture_output=True, text=True).stdout
    return [agent["return_mean"] for agent in json.loads(out)["agents"]]


def first_that_lasts(run, target):
    """The update after which all evaluations have a mean return of the target, and its steps; None if none has."""
    first = None
    for row in csv.DictReader((run / "evals.csv").open()):
        if float(row["return_mean"]) < target:
            first = None
        elif first is None:
            first = int(row["update"]), int(row["steps"])
    return first


def train_cartpole_v1(options, seed, folder):
    """Evaluated greedily after every update: when each return of LASTING is reached for good, None if never."""
    before = time.perf_counter()
    run = train(options.binary, "cartpole-v1", seed, folder, threads=options.threads, more=["--eval-every", "1"])
    whole = time.perf_counter() - before
    result = json.loads((run / "run.json").read_text())
    agent = result["agents"][0]
    walls = [float(row["wall_s"]) for row in csv.DictReader((run / "timing.csv").open())]
    lasting = []
    for target in LASTING:
        update, steps = first_that_lasts(run, target) or (None, None)
        # The start of the process and the saving at its end count as if the run had ended there.
        after = None if update is None else round(walls[update - 1] + whole - result["wall_s"], 6)
        lasting.append({"greedy": target, "steps": steps, "seconds": after})
    return {"seed": seed, "lasting": lasting, "solved_at_step": agent["solved_at_step"],
            "return_100": agent["return_100"], "greedy": evaluate(options.binary, run, "--greedy")[0]}


def shown(number, form):
    return "never" if number is None else format(number, form)


def summary(seeds, index):
    """A sentence about one of LASTING over the seeds: median and range of those that keep it."""
    all_of_it = [seed["lasting"][index] for seed in seeds]
    kept = [one for one in all_of_it if one["steps"] is not None]
    text = f"Greedily {LASTING[index]} that lasts: {len(kept)} of {len(all_of_it)} seeds"
    if not kept:
        return text + "."
    steps, seconds = [one["steps"] for one in kept], [one["seconds"] for one in kept]
    return (f"{text}, after {statistics.median(steps):,.0f} steps ({min(steps):,} to {max(steps):,}) "
            f"and {statistics.median(seconds):.3f} s ({min(seconds):.3f} to {max(seconds):.3f}), median and range.")


def cartpole_v1(options, folder):
    """When greedy play is good for the rest of training, in steps and in seconds from the start of the process."""
    started = {"command": shlex.join(sys.argv), "date": datetime.date.today().isoformat(), "machine": machine(),
               "build": our_build(options.binary)}
    lasting = " | ".join(f"greedily {target} from step | after seconds" for target in LASTING)
    print(f"| seed | {lasting} | return_100 from step | at the end: return_100 | greedy |")
    print("| --- " * (4 + 2 * len(LASTING)) + "|")
    seeds = []
    for seed in range(options.seeds[0], options.seeds[1] + 1):
        one = train_cartpole_v1(options, seed, folder)
        seeds.append(one)
        cells = [cell for found in one["lasting"] for cell in (shown(found["steps"], ","),
                                                               shown(found["seconds"], ".3f"))]
        print(f"| {seed} | {' | '.join(cells)} | {shown(one['solved_at_step'], ',')} | "
              f"{shown(one['return_100'], '.1f')} | {one['greedy']:.1f} |", flush=True)
    print()
    for index in range(len(LASTING)):
        print(summary(seeds, index))
    if options.json:
        text = json.dumps(started | {"preset": "cartpole-v1", "threads": options.threads, "seeds": seeds})
        options.json.write_text(text.replace('{"seed"', '\n {"seed"') + "\n")


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
    print(f"\nAfter 499,712 steps, the sampled policies of 24 seeds score {statistics.mean(scores):.0f} on average "
          f"({min(scores):.0f} to {max(scores):.0f}) in episodes of at most 500 steps.")


def reached_at(run, target, within):
    """Steps after which return_100 first was at the target; None if it was not within the steps allowed."""
    for row in csv.DictReader((run / "metrics.csv").open()):
        if row["return_100"] and float(row["return_100"]) >= target and int(row["steps"]) <= within:
            return int(row["steps"])
    return None


def core_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def play_in_gymnasium(options, run):
    """The mean return of 100 greedy episodes of the exported policy."""
    sys.path.insert(0, str(ROOT / "examples"))
    from gymnasium_eval import play
    onnx = run / "judged.onnx"
    subprocess.run([options.binary, "export", run, onnx], check=True, capture_output=True)
    return float(play(onnx, seed=options.greedy_seed).mean())


def judge(options, preset, folder):
    """Trains and judges every seed, prints the table and returns what it shows."""
    target, within, greedy_target = TARGETS[preset]
    print(f"\n{preset}: a return_100 of {target} within {within:,} steps, then {greedy_target} greedily\n")
    print("| seed | reached at step | return_100 at the end | greedy evaluation | seconds | of one core | target |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    seeds = []
    for seed in range(options.seeds[0], options.seeds[1] + 1):
        before = core_seconds()
        config = ROOT / "configs" / f"{preset}.toml"
        run = train(options.binary, preset, seed, folder, config=config, threads=options.threads)
        cores = core_seconds() - before
        result = json.loads((run / "run.json").read_text())
        at = reached_at(run, target, within)
        if options.gymnasium:
            greedy = play_in_gymnasium(options, run)
        else:
            greedy = evaluate(options.binary, run, "--greedy", "--seed", str(options.greedy_seed))[0]
        met = at is not None and greedy >= greedy_target
        end = result["agents"][0]["return_100"]
        seeds.append({"seed": seed, "reached_at": at, "return_100": round(end, 3), "greedy": round(greedy, 3),
                      "wall_s": round(result["wall_s"], 3), "core_s": round(cores, 3), "met": met})
        print(f"| {seed} | {f'{at:,}' if at else 'never'} | {end:.1f} | {greedy:.1f} | {result['wall_s']:.2f} | "
              f"{cores:.2f} | {'met' if met else 'missed'} |", flush=True)
    met = sum(seed["met"] for seed in seeds)
    at_end, greedy = [s["return_100"] for s in seeds], [s["greedy"] for s in seeds]
    print(f"\n{met} of {len(seeds)} seeds meet the target. At the end {sum(end >= target for end in at_end)} are at "
          f"it in training, with {statistics.mean(at_end):.1f} on average, the worst {min(at_end):.1f}; greedy "
          f"{statistics.mean(greedy):.1f}, the worst {min(greedy):.1f}.")
    return {"preset": preset, "target": target, "within": within, "greedy_target": greedy_target, "met": met,
            "greedy_in": "Gymnasium" if options.gymnasium else "ppo_train", "greedy_seed": options.greedy_seed,
            "threads": result["threads"], "machine": result["machine"], "seeds": seeds}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / "build/release/ppo_train")
    parser.add_argument("--curves", default=ROOT / "tests/learning/reference_curves.json")
    parser.add_argument("presets", nargs="*", metavar="PRESET", help=f"to be judged: {', '.join(TARGETS)}")
    parser.add_argument("--seeds", type=int, nargs=2, default=(1, 10), help="first and last")
    parser.add_argument("--threads", type=int, default=0, help="of a run; does not affect the result")
    parser.add_argument("--greedy-seed", type=int, default=0, help="of the greedy episodes")
    parser.add_argument("--gymnasium", action="store_true", help="judge the exported ONNX file in Gymnasium")
    parser.add_argument("--json", type=pathlib.Path, help="file for what the tables show")
    options = parser.parse_args()
    unknown = set(options.presets) - set(TARGETS)
    if unknown:
        parser.error(f"no target for {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as folder:
        if options.presets:
            results = [judge(options, preset, pathlib.Path(folder)) for preset in options.presets]
            if options.json:
                text = json.dumps(results).replace('{"seed"', '\n {"seed"').replace('{"preset"', '\n{"preset"')
                options.json.write_text(text + "\n")
            sys.exit(any(10 * result["met"] < 9 * len(result["seeds"]) for result in results))
        cartpole_v1(options, pathlib.Path(folder))
        print()
        reference(options.binary, pathlib.Path(folder), options.curves)


if __name__ == "__main__":
    main()
