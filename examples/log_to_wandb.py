#!/usr/bin/env python3
"""Brings a finished run into Weights & Biases: its config, its curves over environment steps, its result.

    pip install build/wheels/ppo_train-*.whl wandb
    ppo_train --config cartpole-v1 --out runs/a
    python3 examples/log_to_wandb.py runs/a --project ppo
    python3 examples/log_to_wandb.py runs/a --mode offline     writes wandb/ here; `wandb sync` sends it later

Each agent of a population becomes a run of its own, in a group of the folder's name.
"""
import argparse

import numpy as np
import wandb

import ppo_train


def log_agent(run, agent, project, mode):
    """Logs one entry of run.json's "agents". Cells without a number are left out."""
    table = run.metrics_of(agent["agent"])
    group = run.folder.resolve().name
    with wandb.init(project=project, mode=mode, group=group, name=f"{group}-s{agent['seed']}",
                    config={**run.config, "seed": agent["seed"]}) as logged:
        logged.define_metric("*", step_metric="steps")
        for row in zip(*table.values(), strict=True):
            logged.log({name: value.item() for name, value in zip(table, row, strict=True) if not np.isnan(value)})
        logged.summary.update({name: value for name, value in agent.items() if value is not None})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", metavar="RUN", help="run folder")
    parser.add_argument("--project", default="ppo_train", help="default %(default)s")
    parser.add_argument("--mode", default="online", choices=("online", "offline"), help="default %(default)s")
    arguments = parser.parse_args()
    run = ppo_train.Run(arguments.run)
    for agent in run.summary["agents"]:
        log_agent(run, agent, arguments.project, arguments.mode)


if __name__ == "__main__":
    main()
