"""PPO of Stable-Baselines3 on CartPole, the way its users run it; prints one JSON line.

    python sb3_ppo.py CONFIG_JSON

CONFIG_JSON holds the keys of `ppo_train --print-config`.
"""
import json
import sys
import time

import numpy as np
import torch
from stable_baselines3 import PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.env_util import make_vec_env


class UpdateClock(BaseCallback):
    """Notes when each update begins."""

    def __init__(self):
        super().__init__()
        self.starts = []

    def _on_rollout_start(self):
        self.starts.append(time.perf_counter())

    def _on_step(self):
        return True


def make_agent(config):
    envs = make_vec_env("CartPole-v1", n_envs=config["num_envs"], seed=config["seed"],
                        env_kwargs={"max_episode_steps": -1})  # Gymnasium's way to say: no time limit
    return PPO(
        "MlpPolicy", envs, seed=config["seed"], device="cpu",
        n_steps=config["num_steps"],
        batch_size=config["num_envs"] * config["num_steps"] // config["num_minibatches"],
        n_epochs=config["update_epochs"],
        learning_rate=config["lr"],
        gamma=config["gamma"],
        gae_lambda=config["gae_lambda"],
        normalize_advantage=config["norm_adv"],
        clip_range=config["clip_coef"],
        clip_range_vf=config["clip_coef"] if config["clip_vloss"] else None,
        ent_coef=config["ent_coef"],
        vf_coef=config["vf_coef"] / 2,  # the value loss has no factor 1/2 here
        max_grad_norm=config["max_grad_norm"],
        policy_kwargs={"net_arch": {"pi": [64, 64], "vf": [64, 64]}, "activation_fn": torch.nn.Tanh,
                       "optimizer_kwargs": {"eps": 1e-8}})


def main():
    config = json.loads(sys.argv[1])
    batch_size = config["num_envs"] * config["num_steps"]
    updates = config["total_timesteps"] // batch_size  # whole ones: learn() would round up
    agent = make_agent(config)
    clock = UpdateClock()
    agent.learn(updates * batch_size, callback=clock)
    steady_s = time.perf_counter() - clock.starts[1]
    returns = [episode["r"] for episode in agent.ep_info_buffer]
    print(json.dumps({
        "steps": agent.num_timesteps,
        "steps_per_second": (updates - 1) * batch_size / steady_s,
        "return_mean": float(np.mean(returns)),
        "threads": torch.get_num_threads()}))


if __name__ == "__main__":
    main()
