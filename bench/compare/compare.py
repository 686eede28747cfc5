#!/usr/bin/env python3
"""Times the same job, PPO on CartPole with ppo_train's default config, with ppo_train and with others.

    python3 bench/compare/compare.py --venv DIR --reference ppo_jax.py --json FILE --markdown FILE --svg FILE

Each contender is probed on one core and on all, then runs with the better setting: one process a round, each
right after one of ppo_train, so that the noise of the machine hits both. README.md has the details.
"""
import argparse
import contextlib
import datetime
import hashlib
import json
import os
import pathlib
import platform
import re
import select
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib

import report

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PACKAGES = ("torch", "stable-baselines3", "gymnasium", "jax", "jaxlib", "numpy")
REFERENCE_KEYS = ("seed", "total_timesteps", "num_envs", "num_steps", "lr", "num_minibatches", "update_epochs",
                  "gamma", "gae_lambda", "clip_coef", "ent_coef", "vf_coef", "max_grad_norm", "norm_adv",
                  "clip_vloss")
SAME_JOB = {"anneal_lr": False, "target_kl": 0.0, "max_episode_steps": 0}  # all that the contenders can do
SETTINGS = ("all cores", "1 core")
PROBE_RUNS = 2
BUSY_LOAD = 0.5
RUN_LIMIT_S = 1800


class Failed(Exception):
    """A contender's run ended without a result; the message is one line."""


class WrongInput(Exception):
    """The comparison cannot start; the message is one line."""


# --- The contenders: a command line, and how to read steps/s and the mean return from what it leaves ---

class Ours:
    key, name = "ppo_train", "ppo_train"

    def __init__(self, binary):
        self.binary = binary

    def command(self, config, scratch):
        return [self.binary, "--device", "cpu", "--no-out", "--seed", str(config["seed"]),
                "--total-timesteps", str(config["total_timesteps"])]

    def read(self, output, scratch):
        speed = re.search(r"steps in .* s, ([\d,]+) steps/s", output)
        score = re.search(r"^return +([\d.]+) over", output, re.MULTILINE)
        if not speed:
            raise Failed("no line 'done ... steps/s' in the output")
        return {"steps_per_second": float(speed[1].replace(",", "")),
                "return_mean": float(score[1]) if score else None}


class Reference:
    key, name = "jax", "JAX reference"

    def __init__(self, python, script):
        self.python, self.script = python, script

    def command(self, config, scratch):
        flags = [text for key in REFERENCE_KEYS for text in (f"--{key}", str(config[key]))]
        return [self.python, self.script, "--json", scratch / "reference.json", *flags]

    def read(self, output, scratch):
        summary = json.loads((scratch / "reference.json").read_text())["summary"]
        return {"steps_per_second": summary["steady_sps"], "return_mean": summary["final_avg_return"] or None}


class Script:
    """One of this folder's scripts: the config goes in as JSON, the last line of its output is JSON."""

    def __init__(self, key, name, python):
        self.key, self.name, self.python = key, name, python

    def command(self, config, scratch):
        return [self.python, HERE / f"{self.key}.py", json.dumps(config)]

    def read(self, output, scratch):
        result = json.loads(output.splitlines()[-1])
        return {key: result[key] for key in ("steps_per_second", "return_mean")}


# --- One run of one contender ---

@contextlib.contextmanager
def on_cores(cores):
    """Processes started inside may use these cores only."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def start(command, setting, output, errors):
    env = {key: value for key, value in os.environ.items() if key not in ("OMP_NUM_THREADS", "XLA_FLAGS")}
    env |= {"JAX_PLATFORMS": "cpu", "CUDA_VISIBLE_DEVICES": ""}
    cores = os.sched_getaffinity(0)
    if setting == "1 core":
        env |= {"OMP_NUM_THREADS": "1", "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false"}
        cores = {max(cores)}
    with on_cores(cores):
        return subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=errors)


def peak_rss_mib(pid):
    """The high-water mark of resident memory so far.

    Not rusage's ru_maxrss: a process inherits that of its parent, here a Python larger than ppo_train.
    """
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", pathlib.Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0  # a process at its very end has no memory any more


def watch(process, begin):
    """Waits for the process; returns its wall seconds and peak memory."""
    peak = 0.0
    exited = os.pidfd_open(process.pid)
    try:
        while not select.select([exited], [], [], 0.01)[0]:
            peak = max(peak, peak_rss_mib(process.pid))
            if time.perf_counter() - begin > RUN_LIMIT_S:
                raise Failed(f"still running after {RUN_LIMIT_S} s")
        return {"wall_s": time.perf_counter() - begin, "peak_rss_mib": peak}
    finally:
        os.close(exited)
        process.kill()  # does nothing to a process that has ended
        process.wait()


def last_line(file):
    file.seek(0)
    lines = file.read().decode(errors="replace").strip().splitlines()
    return lines[-1].strip() if lines else "nothing on stderr"


def run(contender, config, setting):
    """One process from start to exit; returns what was measured."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as output, \
            tempfile.TemporaryFile() as errors:
        scratch = pathlib.Path(folder)
        command = contender.command(config, scratch)
        begin = time.perf_counter()
        try:
            process = start(command, setting, output, errors)
            measured = watch(process, begin)
            if process.returncode != 0:
                raise Failed(f"exit code {process.returncode}: {last_line(errors)}")
            output.seek(0)
            return measured | contender.read(output.read().decode(), scratch)
        except (OSError, LookupError, ValueError) as error:
            raise Failed(f"{type(error).__name__}: {error}") from error


# --- Probe and rounds ---

def say(text):
    print(text, file=sys.stderr, flush=True)


def probe(contender, config):
    """Steps/s by setting: the best of short runs that take turns, as noise only ever slows."""
    speeds = {setting: [] for setting in SETTINGS}
    for _ in range(PROBE_RUNS):
        for setting in SETTINGS:
            speeds[setting].append(run(contender, config, setting)["steps_per_second"])
    best = {setting: max(values) for setting, values in speeds.items()}
    say(f"probe    {contender.name}: " + ", ".join(f"{key} {value:,.0f} steps/s" for key, value in best.items()))
    return best


def enter(contender, config):
    """A contender's record, with the setting it will run in."""
    record = {"key": contender.key, "name": contender.name, "probe": None, "setting": None, "runs": [],
              "error": None}
    with failure_noted(record):
        record["probe"] = probe(contender, config)
        record["setting"] = max(record["probe"], key=record["probe"].get)
    return record


@contextlib.contextmanager
def failure_noted(record):
    try:
        yield
    except Failed as error:
        record["error"] = str(error)
        say(f"failed   {record['name']}: {error}")


def measure(contender, record, config, **labels):
    """Adds one run to the record, unless the contender has failed."""
    if record["error"]:
        return
    with failure_noted(record):
        result = run(contender, config, record["setting"])
        record["runs"].append(labels | result)
        say(f"round {labels['round']}  {contender.name}: {result['steps_per_second']:,.0f} steps/s, "
            f"{result['wall_s']:.2f} s, {result['peak_rss_mib']:.0f} MiB")


def compare(ours, others, config, rounds, probe_steps):
    """All records, ours first. Round r trains with seed + r - 1."""
    short = config | {"total_timesteps": probe_steps}
    records = [enter(contender, short) for contender in (ours, *others)]
    for number in range(1, rounds + 1):
        seeded = config | {"seed": config["seed"] + number - 1}
        for other, record in zip(others, records[1:]):
            measure(ours, records[0], seeded, round=number, before=other.key)
            measure(other, record, seeded, round=number)
    return records


# --- Summary ---

def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def ratios(ours, other, quantity):
    """Theirs over ours, each run over the run of ours right before it."""
    before = {run["round"]: run[quantity] for run in ours["runs"] if run["before"] == other["key"]}
    return spread([run[quantity] / before[run["round"]] for run in other["runs"]])


def summarise(records):
    """Adds medians, and for the others their ratios to ours."""
    ours, *others = records
    quantities = ("steps_per_second", "wall_s", "peak_rss_mib")
    for record in records:
        if not record["error"]:
            record["summary"] = {quantity: spread([run[quantity] for run in record["runs"]])
                                 for quantity in quantities}
            scores = [run["return_mean"] for run in record["runs"] if run["return_mean"] is not None]
            record["summary"]["return_mean"] = spread(scores) if scores else None
    for record in others:
        if not (record["error"] or ours["error"]):
            record["over_ours"] = {quantity: ratios(ours, record, quantity) for quantity in quantities}


# --- What ran where ---

def ask(command):
    """The output of a command, None where it fails."""
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def cpu_model():
    found = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.machine()


def machine():
    return {"cpu": cpu_model(), "cores": len(os.sched_getaffinity(0)),
            "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
            "system": platform.freedesktop_os_release().get("PRETTY_NAME"), "kernel": platform.release(),
            "load_before": os.getloadavg()[0]}


def our_build(binary):
    """The commit is that of the working tree; the checksum says which binary ran."""
    content = binary.read_bytes()
    compiler = re.search(rb"clang version [\d.]+", content) or re.search(rb"GCC: \([^)\0]*\) [\d.]+", content)
    return {"version": ask([binary, "--version"]),
            "commit": ask(["git", "--no-optional-locks", "-C", ROOT, "describe", "--always", "--dirty",
                           "--exclude", "*"]),
            "compiler": compiler[0].decode() if compiler else None,
            "sha256": hashlib.sha256(content).hexdigest()}


def versions(python):
    """Of Python and the packages, as installed for the contenders; None for one that is not."""
    code = ("import importlib.metadata as m, json, platform, sys\n"
            "found = {d.metadata['Name'].lower().replace('_', '-'): d.version for d in m.distributions()}\n"
            "print(json.dumps({'python': platform.python_version()} | {p: found.get(p) for p in sys.argv[1:]}))")
    return json.loads(ask([python, "-c", code, *PACKAGES]) or "{}")


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
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write all runs, medians and versions")
    parser.add_argument("--markdown", type=pathlib.Path, metavar="FILE", help="write the table, as on stdout")
    parser.add_argument("--svg", type=pathlib.Path, metavar="FILE", help="write a bar chart")
    return parser.parse_args()


def our_config(binary, steps):
    """The config of the job, from the binary itself."""
    text = ask([binary, "--print-config", "--total-timesteps", str(steps)])
    if text is None:
        raise WrongInput(f"--ours: {binary} --print-config failed")
    config = tomllib.loads(text)
    for key, value in SAME_JOB.items():
        if config[key] != value:
            raise WrongInput(f"--ours: the default {key} = {config[key]} is not {value}, all the others can do")
    return config


def check(options):
    """Refuses what can be seen to be wrong before anything runs; returns the config of the job."""
    if not os.access(options.ours, os.X_OK) or options.ours.is_dir():
        raise WrongInput(f"--ours: no program at {options.ours}; build it or name another")
    if options.reference and not options.reference.is_file():
        raise WrongInput(f"--reference: no file at {options.reference}")
    if options.rounds < 1:
        raise WrongInput(f"--rounds: {options.rounds} is less than 1")
    for path in filter(None, (options.json, options.markdown, options.svg)):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WrongInput(f"{path}: its folder cannot be made") from error
    config = our_config(options.ours, options.steps)
    batch = config["num_envs"] * config["num_steps"]
    for flag, steps in (("--steps", options.steps), ("--probe-steps", options.probe_steps)):
        if steps < 2 * batch:
            raise WrongInput(f"{flag}: {steps} is less than two updates of {batch} steps")
    return config


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


def main():
    options = parse_arguments()
    config = check(options)
    here = machine()  # before an installation adds to its load
    python = contenders_python(options)
    others = [Script("sb3_ppo", "Stable-Baselines3", python), Script("torch_ppo", "PyTorch, CleanRL style", python)]
    if options.reference:
        others.insert(0, Reference(python, options.reference))
    else:
        say("left out JAX reference: no --reference given")
    result = {"date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
              "machine": here, "versions": versions(python), "ours": our_build(options.ours),
              "rounds": options.rounds, "left_out": [] if options.reference else [Reference.name],
              "config": config}
    if here["load_before"] > BUSY_LOAD:
        say(f"warning  load average {here['load_before']:.2f}: others use this machine")
    result["contenders"] = compare(Ours(options.ours), others, config, options.rounds,
                                   min(options.probe_steps, options.steps))
    summarise(result["contenders"])
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n")
    table = report.markdown(result)
    print(table, end="")
    if options.markdown:
        options.markdown.write_text(table)
    if options.svg:
        options.svg.write_text(report.svg(result))
    return 1 if any(record["error"] for record in result["contenders"]) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except WrongInput as error:
        say(f"compare.py: {error}")
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
