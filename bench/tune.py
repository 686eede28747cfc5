#!/usr/bin/env python3
"""Searches for the config of a classic control preset, by the rule below and with no hand in it.

    python3 bench/tune.py acrobot --out bench/results/DATE-tune-acrobot.json [--binary build/release/ppo_train]

Names: acrobot, mountain_car, mountain_car_continuous, pendulum. With the defaults it takes some ten minutes of two
quiet cores; --configs, --seeds and --finalists make it shorter, and are kept in the file.

Every config is a point of SPACE, with some choices narrowed or fixed by TASKS. The search is a successive
halving over seeds (Jamieson and Talwalkar 2016), followed by steps to neighbours:

1. The starting point of TASKS and `--configs` random points train with two seeds each.
2. The best quarter trains with four more seeds each.
3. Neighbours of the best four, half as many as random points and each with one or two keys moved to the next
   choice, train with the same six seeds.
4. The best eight of all train with 14 seeds more, and the best of them is the result.

A trained agent is measured by the mean return of its latest 100 episodes of training, which sample their actions,
and by that of 100 greedy episodes. Its margin is how far the worse of the two lies above what TASKS aims at, in
units of the distance between that aim and a policy that knows nothing; it is -1 at the least. Of two configs the
better has more agents with a margin of 0 or more; if there are equally many, a larger mean margin less its
deviation. A config that diverges is the worst.

Seeds start at 101: those that judge a preset (bench/learning.py) have never been seen. The same `--seed` makes the
same file on every machine. The file holds every trial: where it came from, its config, and the two returns of
every seed. Needs Python's standard library only.
"""
import argparse
import concurrent.futures
import json
import pathlib
import random
import statistics
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
FIRST_SEED = 101
GREEDY_SEED = 77  # of the greedy episodes; the judges use others
MOST_MICROSECONDS = 3.2e6  # of a run, by cost()
DIVERGED = 4  # exit code

SPACE = {
    "num_envs": (4, 8, 16, 32),
    "batch": (512, 1024, 2048, 4096, 8192),  # num_envs x num_steps
    "minibatch": (128, 256, 512, 1024),      # batch / num_minibatches
    "update_epochs": (4, 6, 8, 10),
    "lr": (3e-4, 5e-4, 7e-4, 1e-3, 1.5e-3, 2e-3, 3e-3, 5e-3, 7e-3),
    "anneal_lr": (False, True),
    "gamma": (0.98, 0.99, 0.995, 0.999),
    "gae_lambda": (0.8, 0.9, 0.94, 0.97, 0.99),
    "clip_coef": (0.1, 0.2, 0.3),
    "ent_coef": (0.0, 0.001, 0.003, 0.01, 0.03),
    "vf_coef": (0.25, 0.5, 1.0, 2.0),
    "clip_vloss": (False,),
    "max_grad_norm": (0.5, 1.0, 5.0),
    "norm_obs": (False, True),
    "norm_reward": (False, True),
    "hidden_size": (32, 64),
    "activation": ("tanh", "relu"),
    "target_kl": (0.0, 0.02, 0.05),
}

# `aim`: returns in training and in greedy play. `nothing`: the return of a policy that knows nothing.
TASKS = {
    "acrobot": {
        "total_timesteps": 300_000, "max_episode_steps": 500, "aim": (-95, -84), "nothing": -500,
        "space": {"norm_obs": (True,), "norm_reward": (True,)},
        "start": {"num_envs": 16, "batch": 4096, "minibatch": 128, "gae_lambda": 0.94, "ent_coef": 0.0},
    },
    "mountain_car": {
        "total_timesteps": 1_000_000, "max_episode_steps": 200, "aim": (-110, -108), "nothing": -200,
        "space": {"norm_obs": (True,), "norm_reward": (True,), "update_epochs": (3, 4, 5),
                  "num_envs": (8, 16, 32, 64), "batch": (256, 512, 1024, 2048, 4096),
                  "gamma": (0.98, 0.99, 0.995, 0.998)},
        "start": {"num_envs": 16, "batch": 256, "minibatch": 128, "gae_lambda": 0.97, "ent_coef": 0.0},
    },
    "mountain_car_continuous": {
        "total_timesteps": 300_000, "max_episode_steps": 999, "aim": (91, 92), "nothing": 0,
        "space": {"norm_obs": (True,), "norm_reward": (True,), "gamma": (0.99, 0.995, 0.999, 0.9999),
                  "ent_coef": (0.0, 0.0003, 0.001, 0.003, 0.01), "log_std_init": (-0.5, 0.0, 0.5, 1.0, 1.5)},
        "start": {"num_envs": 4, "batch": 512, "minibatch": 128, "gae_lambda": 0.9, "gamma": 0.9999,
                  "update_epochs": 10, "ent_coef": 0.003, "vf_coef": 0.25, "max_grad_norm": 5.0, "clip_coef": 0.1,
                  "lr": 3e-4, "log_std_init": 0.5},
    },
    "pendulum": {
        "total_timesteps": 300_000, "max_episode_steps": 200, "aim": (-190, -165), "nothing": -1200,
        "space": {"gamma": (0.9, 0.95, 0.97, 0.98), "ent_coef": (0.0, 0.001, 0.003),
                  "update_epochs": (6, 8, 10, 12), "log_std_init": (-1.0, -0.5, 0.0, 0.5)},
        "start": {"num_envs": 4, "batch": 4096, "minibatch": 128, "gae_lambda": 0.94, "gamma": 0.9,
                  "update_epochs": 10, "ent_coef": 0.0, "log_std_init": 0.0, "norm_obs": False,
                  "norm_reward": True},
    },
}
PLAIN = {"lr": 1e-3, "anneal_lr": False, "gamma": 0.99, "clip_coef": 0.2, "vf_coef": 0.5, "clip_vloss": False,
         "max_grad_norm": 0.5, "norm_obs": True, "norm_reward": True, "hidden_size": 64, "activation": "tanh",
         "update_epochs": 4, "target_kl": 0.0}  # what the starting points leave open


def cost(task, config):
    """About what a run takes of one core [us]: measured on an Intel Xeon with AVX-512."""
    per_epoch = 0.45 * (config["hidden_size"] / 64) ** 1.5 * (1.3 if config["minibatch"] == 128 else 1.0)
    return task["total_timesteps"] * (0.5 + per_epoch * config["update_epochs"])


def is_allowed(task, config):
    return (config["minibatch"] <= config["batch"] and config["batch"] >= 16 * config["num_envs"]
            and cost(task, config) <= MOST_MICROSECONDS)


def random_config(task, space, draws):
    while True:
        config = {key: draws.choice(choices) for key, choices in space.items()}
        if is_allowed(task, config):
            return config


def neighbour(task, space, config, draws):
    open_keys = [key for key, choices in space.items() if len(choices) > 1]
    while True:
        near = dict(config)
        for key in draws.sample(open_keys, draws.choice((1, 2))):
            at = space[key].index(near[key]) + draws.choice((-1, 1))
            near[key] = space[key][min(max(at, 0), len(space[key]) - 1)]
        if near != config and is_allowed(task, near):
            return near


def resolved(name, config):
    """As the program's own keys."""
    task, keys = TASKS[name], dict(config)
    batch, minibatch = keys.pop("batch"), keys.pop("minibatch")
    return {"env": name, "total_timesteps": task["total_timesteps"], "max_episode_steps": task["max_episode_steps"],
            **keys, "num_steps": batch // config["num_envs"], "num_minibatches": batch // minibatch}


def flags(keys):
    for key, value in keys.items():
        yield "--" + key.replace("_", "-")
        yield str(value).lower()


def run_agents(binary, name, config, first_seed, count):
    """[in training, greedy] of each agent; empty if one has diverged."""
    with tempfile.TemporaryDirectory() as folder:
        run = pathlib.Path(folder) / "run"
        done = subprocess.run([binary, "train", *flags(resolved(name, config)), "--seed", str(first_seed),
                               "--num-seeds", str(count), "--threads", "1", "--device", "cpu", "--quiet",
                               "--out", run], stdout=subprocess.DEVNULL)
        if done.returncode == DIVERGED:
            return []
        done.check_returncode()
        out = subprocess.run([binary, "eval", run, "--greedy", "--json", "--seed", str(GREEDY_SEED)], check=True,
                             capture_output=True, text=True).stdout
        in_training = [agent["return_100"] for agent in json.loads((run / "run.json").read_text())["agents"]]
        greedy = [agent["return_mean"] for agent in json.loads(out)["agents"]]
    nothing = TASKS[name]["nothing"]
    return [[round(nothing if a is None else a, 2), round(b, 2)] for a, b in zip(in_training, greedy)]


def rank(task, trial):
    """Larger is better."""
    if trial["diverged"]:
        return (-1.0, 0.0)
    margins = [max(-1.0, min((value - aim) / (aim - task["nothing"]) for value, aim in zip(agent, task["aim"])))
               for agent in trial["returns"]]
    reached = sum(margin >= 0 for margin in margins) / len(margins)
    return (reached, statistics.mean(margins) - statistics.pstdev(margins))


def search(options):
    few, some, many = options.seeds
    task = TASKS[options.name]
    space = {**SPACE, **task["space"]}
    draws = random.Random(f"{options.name} {options.seed}")
    trials = []

    def add(origin, config):
        if all(config != trial["config"] for trial in trials):
            trials.append({"trial": len(trials), "origin": origin, "config": config, "diverged": False,
                           "returns": []})

    def extend(trial, seeds):
        have = len(trial["returns"])
        if have < seeds and not trial["diverged"]:
            agents = run_agents(options.binary, options.name, trial["config"], FIRST_SEED + have, seeds - have)
            trial["diverged"] = not agents
            trial["returns"] += agents

    def best(count, seeds):
        enough = [trial for trial in trials if len(trial["returns"]) >= seeds]
        return sorted(enough, key=lambda trial: rank(task, trial), reverse=True)[:count]

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        def extend_all(which, seeds, title):
            list(pool.map(lambda trial: extend(trial, seeds), which))
            reached, margin = rank(task, best(1, seeds)[0])
            print(f"{title}: {len(which)} configs; the best reaches {reached:.0%} of {seeds} seeds, {margin:+.3f}",
                  flush=True)

        add("start", {key: {**PLAIN, **task["start"]}[key] for key in space})
        while len(trials) <= options.configs:
            add("random", random_config(task, space, draws))
        extend_all(trials, few, "1")
        extend_all(best(max(4, options.configs // 4), few), some, "2")
        parents = best(4, some)
        while len(trials) <= options.configs * 3 // 2:
            parent = parents[len(trials) % len(parents)]
            add(f"near {parent['trial']}", neighbour(task, space, parent["config"], draws))
        extend_all(trials[options.configs + 1:], some, "3")
        extend_all(best(options.finalists, some), many, "4")
    return trials, best(options.finalists, many)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=TASKS)
    parser.add_argument("--binary", default=ROOT / "build/release/ppo_train")
    parser.add_argument("--seed", type=int, default=1, help="of the search's own draws")
    parser.add_argument("--configs", type=int, default=64, help="random points to begin with")
    parser.add_argument("--seeds", type=int, nargs=3, default=(2, 6, 20), help="of the first, middle and last stages")
    parser.add_argument("--finalists", type=int, default=8, help="configs that train with all seeds")
    parser.add_argument("--jobs", type=int, default=2, help="runs at a time; does not affect the result")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--note", default="", help="kept in the file: the date and the processor, say")
    options = parser.parse_args()
    trials, finalists = search(options)
    task = TASKS[options.name]
    head = {"task": options.name, "note": options.note, "seed": options.seed, "configs": options.configs,
            "seeds": options.seeds, "finalists": options.finalists, "first_seed": FIRST_SEED,
            "greedy_seed": GREEDY_SEED, "aim": task["aim"], "best": [trial["trial"] for trial in finalists],
            "config": resolved(options.name, finalists[0]["config"])}
    lines = ",\n".join(json.dumps(trial) for trial in trials)
    options.out.write_text(json.dumps(head)[:-1] + ',\n "trials": [\n' + lines + "\n]}\n")
    for trial in finalists:
        print(trial["trial"], trial["origin"], *(round(number, 3) for number in rank(task, trial)), trial["config"])


if __name__ == "__main__":
    main()
