"""Probes the contenders of a task, runs them in rounds, and sums up what was measured."""
import contextlib
import dataclasses
import math
import statistics
import sys

from process import SETTINGS, Failed, run

PROBE_RUNS = 2


@dataclasses.dataclass
class Task:
    name: str
    config: dict
    probe_steps: int
    rounds: int
    timed: tuple  # the quantities that are summed up, besides the mean return
    probed: str  # the one that chooses the setting


def speed_task(config, probe_steps, rounds):
    return Task("speed", config, probe_steps, rounds, ("steps_per_second", "wall_s", "peak_rss_mib"),
                "steps_per_second")


def solve_task(config, rounds):
    return Task("to 475", config, config["total_timesteps"], rounds, ("solved_at_step", "solved_s", "wall_s"),
                "wall_s")


def say(text):
    print(text, file=sys.stderr, flush=True)


# --- Probe and rounds ---

def probe(contender, task):
    """What is probed, by setting: the best of short runs that take turns, as noise only ever slows."""
    found = {setting: [] for setting in SETTINGS}
    for _ in range(PROBE_RUNS):
        for setting in SETTINGS:
            found[setting].append(run(contender, task.config | {"total_timesteps": task.probe_steps},
                                      setting)[task.probed])
    best = max if task.probed == "steps_per_second" else min
    by_setting = {setting: best(values) for setting, values in found.items()}
    say(f"probe    {task.name}: {contender.name}: "
        + ", ".join(f"{key} {value:,.2f} {task.probed}" for key, value in by_setting.items()))
    return by_setting, best(by_setting, key=by_setting.get)


def enter(contender, task):
    """A contender's record, with the setting it will run in."""
    record = {"key": contender.key, "name": contender.name, "seeds": contender.seeds, "probe": None,
              "setting": None, "runs": [], "error": None, "cannot": None}
    if task.config["max_episode_steps"] and contender.cannot:
        record["cannot"] = contender.cannot
        return record
    with failure_noted(record):
        record["probe"], record["setting"] = probe(contender, task)
    return record


@contextlib.contextmanager
def failure_noted(record):
    try:
        yield
    except Failed as error:
        record["error"] = str(error)
        say(f"failed   {record['name']}: {error}")


def measure(contender, record, config, task, **labels):
    """Adds one run to the record, unless the contender has failed or cannot do the task."""
    if record["error"] or record["cannot"]:
        return
    with failure_noted(record):
        result = run(contender, config, record["setting"])
        record["runs"].append(labels | result)
        at = f"solved at {result['solved_s']:.2f} s, " if result["solved_s"] else ""
        say(f"{task.name}, round {labels['round']}  {contender.name}: {result['steps_per_second']:,.0f} steps/s, "
            f"{at}{result['wall_s']:.2f} s, {result['peak_rss_mib']:.0f} MiB")


def compare(task, ours, others):
    """All records, ours first. Round r trains with seed + r - 1."""
    our_records = {seeds: enter(contender, task) for seeds, contender in ours.items()}
    records = [enter(contender, task) for contender in others]
    for number in range(1, task.rounds + 1):
        seeded = task.config | {"seed": task.config["seed"] + number - 1}
        for other, record in zip(others, records):
            measure(ours[other.seeds], our_records[other.seeds], seeded, task, round=number, before=other.key)
            measure(other, record, seeded, task, round=number)
    summarise(task, our_records, records)
    return [*our_records.values(), *records]


# --- Summary ---

def spread(values):
    """Of numbers, where None is later than all of them."""
    numbers = [math.inf if value is None else value for value in values]
    found = {"median": statistics.median(numbers), "min": min(numbers), "max": max(numbers)}
    return {key: None if math.isinf(value) else value for key, value in found.items()}


def ratios(ours, other, quantity):
    """Theirs over ours, each run over the run of ours right before it; None where no round has both."""
    before = {run["round"]: run[quantity] for run in ours["runs"] if run["before"] == other["key"]}
    found = [run[quantity] / before[run["round"]] for run in other["runs"]
             if run[quantity] is not None and before.get(run["round"])]
    return spread(found) if found else None


def summarise(task, our_records, others):
    """Adds medians, and for the others their ratios to ours."""
    for record in [*our_records.values(), *others]:
        if record["error"] or not record["runs"]:
            continue
        record["summary"] = {quantity: spread([run[quantity] for run in record["runs"]]) for quantity in task.timed}
        scores = [run["return_mean"] for run in record["runs"] if run["return_mean"] is not None]
        record["summary"]["return_mean"] = spread(scores) if scores else None
        record["summary"]["solved_runs"] = sum(run["solved_at_step"] is not None for run in record["runs"])
    for record in others:
        ours = our_records[record["seeds"]]
        if "summary" in record and not ours["error"]:
            record["over_ours"] = {quantity: ratios(ours, record, quantity) for quantity in task.timed}
