"""Trains agents with PPO by the program ppo_train, and uses what it has learned.

    import ppo_train

    run = ppo_train.train("cartpole-v1", seed=1, out="runs/a")
    policy = run.policy()  # later: ppo_train.Run("runs/a").policy()
    action = policy.act(obs)  # obs (O,) or (B, O)

docs/python.md describes all of it.
"""
from ppo_train._errors import ConfigError, Diverged, Error, NoDevice, RunFailed, Stopped
from ppo_train._evaluation import Evaluation, evaluate
from ppo_train._policy import Policy
from ppo_train._run import Run
from ppo_train._shown import ShownFile
from ppo_train._sweep import Sweep
from ppo_train._verbs import resume, sweep, train

__version__ = "0.2.0"
__all__ = [
    "ConfigError",
    "Diverged",
    "Error",
    "Evaluation",
    "NoDevice",
    "Policy",
    "Run",
    "RunFailed",
    "ShownFile",
    "Stopped",
    "Sweep",
    "evaluate",
    "resume",
    "sweep",
    "train",
]
