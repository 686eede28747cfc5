#!/usr/bin/env python3
"""Brings a finished run into MLflow: its config, its curves over environment steps, its files.

    pip install build/wheels/ppo_train-*.whl mlflow
    ppo_train --config cartpole-v1 --out runs/a
    python3 examples/log_to_mlflow.py runs/a --uri sqlite:///mlflow.db
    mlflow ui --backend-store-uri sqlite:///mlflow.db

Each agent of a population becomes a run of its own, tagged with the folder's name.
"""
import argparse
from datetime import datetime

import mlflow
import numpy as np
from mlflow.entities import Metric

import ppo_train

NOT_CURVES = ("agent", "seed", "update", "steps")
MOST_AT_ONCE = 1000  # of MLflow


def curves(run, agent):
    """Every number of an agent's metrics, at its environment step and at the time [ms] at which it was known."""
    table = run.metrics_of(agent)
    finished = datetime.fromisoformat(run.summary["finished"]).timestamp()
    wall = run.timing["wall_s"]
    times = ((finished - wall[-1] + wall) * 1000).astype(int)
    return [Metric(name, float(value), int(times[update]), int(step))
            for name, column in table.items() if name not in NOT_CURVES
            for value, update, step in zip(column, table["update"], table["steps"], strict=True) if not np.isnan(value)]


def log_agent(run, agent, client):
    """Logs one entry of run.json's "agents"."""
    folder = run.folder.resolve().name
    tags = {"folder": folder, "param_hash": str(agent["param_hash"])}
    with mlflow.start_run(run_name=f"{folder}-s{agent['seed']}", tags=tags) as logged:
        mlflow.log_params({**run.config, "seed": agent["seed"]})
        points = curves(run, agent["agent"])
        for begin in range(0, len(points), MOST_AT_ONCE):
            client.log_batch(logged.info.run_id, metrics=points[begin:begin + MOST_AT_ONCE])
        for file in ("config.toml", "metrics.csv", "run.json", "policy.safetensors"):
            if (run.folder / file).is_file():
                mlflow.log_artifact(str(run.folder / file))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", metavar="RUN", help="run folder")
    parser.add_argument("--uri", default="sqlite:///mlflow.db", help="of the tracking store; default %(default)s")
    parser.add_argument("--experiment", default="ppo_train", help="default %(default)s")
    arguments = parser.parse_args()
    mlflow.set_tracking_uri(arguments.uri)
    mlflow.set_experiment(arguments.experiment)
    run = ppo_train.Run(arguments.run)
    client = mlflow.MlflowClient()
    for agent in run.summary["agents"]:
        log_agent(run, agent, client)


if __name__ == "__main__":
    main()
