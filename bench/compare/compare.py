#!/usr/bin/env python3
"""Times the same job, PPO on CartPole, with ppo_train and with others.

    python3 bench/compare/compare.py --venv DIR --reference ppo_jax.py --json FILE --markdown FILE --svg FILE

Two tasks: the speed of the default config, and the time until the preset cartpole-v1 is solved. Each contender is
probed on one core and on all, then runs with the better setting: one process a round, each right after one of
ppo_train, so that the noise of the machine hits both. README.md has the details.
"""
import argparse
import datetime
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import tomllib

import chart
import contenders
import report
import rl_tools_build
from machine import ROOT, ask, machine, our_build, versions
from rounds import compare, say, solve_task, speed_task

HERE = pathlib.Path(__file__).resolve().parent
SAME_JOB = {"anneal_lr": False, "target_kl": 0.0, "max_episode_steps": 0}  # all that the contenders can do
SOLVED_PRESET = "cartpole-v1"
SAME_SOLVED_JOB = {"target_kl": 0.0, "max_episode_steps": 500}
SEEDS = 8  # of the contenders that train several at once
BUSY_LOAD = 0.5


class WrongInput(Exception):
    """The comparison cannot start; the message is one line."""


# --- Command line ---

def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", type=pathlib.Path, default=ROOT / "build/release/ppo_train",
                        help="the binary (default build/release/ppo_train)")
    parser.add_argument("--reference", type=pathlib.Path, help="the JAX reference, ppo_jax.py; left out by default")
    python = parser.add_mutually_exclusive_group()
    python.add_argument("--python", default=sys.executable,
                        help="the Python with the packages of requirements.txt (default: this one)")
    python.add_argument("--venv", type=pathlib.Path, help="a virtual environment; what it lacks is installed")
    parser.add_argument("--steps", type=int, default=500_000, help="of a run (default 500000)")
    parser.add_argument("--probe-steps", type=int, default=100_000, help="of a run of the probe (default 100000)")
    parser.add_argument("--rounds", type=int, default=3, help="measured runs of each contender (default 3)")
    parser.add_argument("--solve-rounds", type=int, default=5,
                        help="measured runs until solved of each contender (default 5); 0 leaves them out")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write all runs, medians and versions")
    parser.add_argument("--markdown", type=pathlib.Path, metavar="FILE", help="write the tables, as on stdout")
    parser.add_argument("--svg", type=pathlib.Path, metavar="FILE", help="write a bar chart")
    return parser.parse_args()


def our_config(binary, must_be, *flags):
    """The config of a job, from the binary itself."""
    text = ask([binary, "--print-config", *flags])
    if text is None:
        raise WrongInput(f"--ours: {binary} --print-config {' '.join(flags)} failed")
    config = tomllib.loads(text)
    for key, value in must_be.items():
        if config[key] != value:
            raise WrongInput(f"--ours: {key} = {config[key]} is not {value}, all the others can do")
    return config


def check(options):
    """Refuses what can be seen to be wrong before anything runs; returns the tasks, the speed first."""
    if not os.access(options.ours, os.X_OK) or options.ours.is_dir():
        raise WrongInput(f"--ours: no program at {options.ours}; build it or name another")
    if options.reference and not options.reference.is_file():
        raise WrongInput(f"--reference: no file at {options.reference}")
    if options.rounds < 1:
        raise WrongInput(f"--rounds: {options.rounds} is less than 1")
    if options.solve_rounds < 0:
        raise WrongInput(f"--solve-rounds: {options.solve_rounds} is less than 0")
    for path in filter(None, (options.json, options.markdown, options.svg)):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WrongInput(f"{path}: its folder cannot be made") from error
    config = our_config(options.ours, SAME_JOB, "--total-timesteps", str(options.steps))
    batch = config["num_envs"] * config["num_steps"]
    for flag, steps in (("--steps", options.steps), ("--probe-steps", options.probe_steps)):
        if steps < 2 * batch:
            raise WrongInput(f"{flag}: {steps} is less than two updates of {batch} steps")
    speed = speed_task(config, min(options.probe_steps, options.steps), options.rounds)
    return speed, solve_task(our_config(options.ours, SAME_SOLVED_JOB, "--config", SOLVED_PRESET),
                             options.solve_rounds)


def contenders_python(options):
    """The interpreter for the contenders, with what it needs installed if it is a --venv."""
    if not options.venv:
        if ask([options.python, "--version"]) is None:
            raise WrongInput(f"--python: no Python at {options.python}")
        return options.python
    python = options.venv / "bin/python"
    try:
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", options.venv], check=True, stdout=sys.stderr)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", HERE / "requirements.txt"], check=True,
                       stdout=sys.stderr)
    except (OSError, subprocess.CalledProcessError) as error:
        raise WrongInput(f"--venv: {options.venv} could not be set up") from error
    return python


def run_tasks(options, tasks, python):
    """The records of each task, none for one without rounds."""
    with tempfile.TemporaryDirectory() as folder:
        for task, preset in zip(tasks, (None, SOLVED_PRESET)):
            yield compare(task, *contenders.of_task(preset, options.ours, python, options.reference,
                                                    pathlib.Path(folder), SEEDS)) if task.rounds else []


def write(options, result):
    if options.json:
        options.json.write_text(json.dumps(result, indent=1, allow_nan=False) + "\n")
    tables = report.markdown(result)
    print(tables, end="")
    if options.markdown:
        options.markdown.write_text(tables)
    if options.svg:
        options.svg.write_text(chart.svg(result))


def main():
    options = parse_arguments()
    options.ours = options.ours.absolute()
    tasks = check(options)
    here = machine()  # before an installation adds to its load
    python = contenders_python(options)
    left_out = [] if options.reference else [contenders.Reference.name]
    for name in left_out:
        say(f"left out {name}: no --reference given")
    if here["load_before"] > BUSY_LOAD:
        say(f"warning  load average {here['load_before']:.2f}: others use this machine")
    result = {"date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
              "machine": here, "versions": versions(python, rl_tools_build.compiler()),
              "ours": our_build(options.ours),
              "left_out": left_out}
    speed, solve = run_tasks(options, tasks, python)
    result |= {"rounds": tasks[0].rounds, "config": tasks[0].config, "contenders": speed,
               "to_475": {"rounds": tasks[1].rounds, "config": tasks[1].config, "contenders": solve}}
    write(options, result)
    return 1 if any(record["error"] for record in [*speed, *solve]) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except WrongInput as error:
        say(f"compare.py: {error}")
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
