"""PPO of Stable-Baselines3 on CartPole, the way its users run it; prints one JSON line.

    python sb3_ppo.py CONFIG_JSON

CONFIG_JSON holds the keys of `ppo_train --print-config`.
"""
import json
import sys
import time

import torch
from stable_baselines3 import PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.env_util import make_vec_env

import episodes


class Updates(BaseCallback):
    """Notes when each update begins, and after it the episodes that ended."""

    def __init__(self, config):
        super().__init__()
        self.starts = []
        self.counted = [0] * config["num_envs"]
        self.progress = episodes.Episodes(config["max_episode_steps"])

    def _on_rollout_start(self):
        if self.starts:
            self.count()
        self.starts.append(time.perf_counter())

    def _on_step(self):
        return True

    def _on_training_end(self):
        self.count()

    def count(self):
        returns = []
        for index, all_of_them in enumerate(self.training_env.env_method("get_episode_rewards")):
            returns += all_of_them[self.counted[index]:]
            self.counted[index] = len(all_of_them)
        self.progress.add(len(returns), sum(returns), self.num_timesteps)


def learning_rate(config):
    """Full in the first update and 0 after the last, like ppo_train's; `left` is 0 in the last."""
    if not config["anneal_lr"]:
        return config["lr"]
    updates = config["total_timesteps"] // (config["num_envs"] * config["num_steps"])
    return lambda left: config["lr"] * (left + 1 / updates)


def make_agent(config):
    envs = make_vec_env("CartPole-v1", n_envs=config["num_envs"], seed=config["seed"],
                        env_kwargs={"max_episode_steps": config["max_episode_steps"] or -1})  # -1: none
    return PPO(
        "MlpPolicy", envs, seed=config["seed"], device="cpu",
        n_steps=config["num_steps"],
        batch_size=config["num_envs"] * config["num_steps"] // config["num_minibatches"],
        n_epochs=config["update_epochs"],
        learning_rate=learning_rate(config),
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
    noted = Updates(config)
    agent.learn(updates * batch_size, callback=noted)
    steady_s = time.perf_counter() - noted.starts[1]
    print(json.dumps({
        "steps": agent.num_timesteps,
        "steps_per_second": (updates - 1) * batch_size / steady_s,
        "threads": torch.get_num_threads()} | episodes.result([noted.progress])))


if __name__ == "__main__":
    main()
