"""PPO on CartPole in one file of PyTorch, in the style of CleanRL; prints one JSON line.

    python torch_ppo.py CONFIG_JSON

CONFIG_JSON holds the keys of `ppo_train --print-config`. The algorithm is that of ppo_train.
"""
import json
import sys
import time

import gymnasium
import numpy as np
import torch
from torch import nn
from torch.distributions import Categorical

import episodes


def mlp(inputs, outputs, head_gain):
    """Two hidden tanh layers; orthogonal weights, no biases at first."""
    layers = [nn.Linear(inputs, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, outputs)]
    for layer, gain in zip(layers[::2], (2**0.5, 2**0.5, head_gain)):
        nn.init.orthogonal_(layer.weight, gain)
        nn.init.zeros_(layer.bias)
    return nn.Sequential(*layers)


class Agent(nn.Module):
    def __init__(self, observation_size, num_actions):
        super().__init__()
        self.actor = mlp(observation_size, num_actions, 0.01)
        self.critic = mlp(observation_size, 1, 1.0)

    def policy(self, obs):
        return Categorical(logits=self.actor(obs))

    def value(self, obs):
        return self.critic(obs).squeeze(-1)


class Batch:
    """What one rollout leaves, [steps][environments] each."""

    def __init__(self, steps, envs, observation_size):
        self.obs = torch.zeros(steps, envs, observation_size)
        self.action = torch.zeros(steps, envs, dtype=torch.long)
        self.logp, self.reward, self.done, self.value = torch.zeros(4, steps, envs)


class Player:
    """Plays the environments on and on and counts the episodes."""

    def __init__(self, config):
        num_envs, limit = config["num_envs"], config["max_episode_steps"] or -1  # -1: none
        make = lambda: gymnasium.make("CartPole-v1", max_episode_steps=limit)
        self.gamma = config["gamma"]
        self.envs = gymnasium.vector.SyncVectorEnv(
            [make] * num_envs, autoreset_mode=gymnasium.vector.AutoresetMode.SAME_STEP)
        self.obs = torch.from_numpy(self.envs.reset(seed=config["seed"])[0])
        self.episode_return = np.zeros(num_envs)
        self.returns = []  # of the episodes that ended in the latest rollout

    @torch.no_grad()
    def rollout(self, agent, batch):
        self.returns.clear()
        for t in range(len(batch.obs)):
            policy = agent.policy(self.obs)
            action = policy.sample()
            batch.obs[t] = self.obs
            batch.action[t] = action
            batch.logp[t] = policy.log_prob(action)
            batch.value[t] = agent.value(self.obs)
            obs, reward, terminated, truncated, info = self.envs.step(action.numpy())
            done = terminated | truncated
            self.count(reward, done)
            cut = np.flatnonzero(truncated & ~terminated)
            if len(cut):  # the last value stands for what the time limit cut off
                last_obs = torch.from_numpy(np.stack(info["final_obs"][cut]))
                reward[cut] += self.gamma * agent.value(last_obs).numpy()
            self.obs = torch.from_numpy(obs)
            batch.reward[t] = torch.from_numpy(reward)
            batch.done[t] = torch.from_numpy(done)

    def count(self, reward, done):
        self.episode_return += reward
        self.returns.extend(self.episode_return[done])
        self.episode_return[done] = 0


def gae(batch, next_value, gamma, gae_lambda):
    """Generalised advantage estimates (Schulman et al. 2016)."""
    advantage = torch.zeros_like(batch.reward)
    latest = torch.zeros_like(next_value)
    for t in reversed(range(len(batch.reward))):
        alive = 1 - batch.done[t]
        delta = batch.reward[t] + gamma * alive * next_value - batch.value[t]
        latest = delta + gamma * gae_lambda * alive * latest
        advantage[t] = latest
        next_value = batch.value[t]
    return advantage


def loss(agent, config, obs, action, old_logp, old_value, advantage, target):
    """The clipped loss (Schulman et al. 2017) of a minibatch."""
    clip = config["clip_coef"]
    policy = agent.policy(obs)
    ratio = (policy.log_prob(action) - old_logp).exp()
    policy_loss = -torch.min(ratio * advantage, ratio.clamp(1 - clip, 1 + clip) * advantage).mean()
    value = agent.value(obs)
    error = (value - target) ** 2
    if config["clip_vloss"]:
        clipped = old_value + (value - old_value).clamp(-clip, clip)
        error = torch.max(error, (clipped - target) ** 2)
    return policy_loss + config["vf_coef"] * 0.5 * error.mean() - config["ent_coef"] * policy.entropy().mean()


def update(agent, optimizer, config, batch, advantage):
    """All epochs over one rollout."""
    target = advantage + batch.value
    if config["norm_adv"]:
        advantage = (advantage - advantage.mean()) / (advantage.std(correction=0) + 1e-8)
    samples = [array.flatten(0, 1) for array in
               (batch.obs, batch.action, batch.logp, batch.value, advantage, target)]
    for _ in range(config["update_epochs"]):
        for rows in torch.randperm(len(samples[0])).chunk(config["num_minibatches"]):
            optimizer.zero_grad()
            loss(agent, config, *(array[rows] for array in samples)).backward()
            nn.utils.clip_grad_norm_(agent.parameters(), config["max_grad_norm"])
            optimizer.step()


def train(config):
    """Trains one agent; returns steps/s after the first update, the mean return at the end, when it was solved."""
    torch.manual_seed(config["seed"])
    player = Player(config)
    agent = Agent(player.obs.shape[1], 2)
    optimizer = torch.optim.Adam(agent.parameters(), lr=config["lr"], eps=1e-8)
    batch = Batch(config["num_steps"], *player.obs.shape)
    progress = episodes.Episodes(config["max_episode_steps"])
    batch_size = batch.action.numel()
    updates = config["total_timesteps"] // batch_size
    for number in range(updates):
        if number == 1:
            steady_start = time.perf_counter()
        if config["anneal_lr"]:
            optimizer.param_groups[0]["lr"] = config["lr"] * (1 - number / updates)
        player.rollout(agent, batch)
        with torch.no_grad():
            next_value = agent.value(player.obs)
        update(agent, optimizer, config, batch, gae(batch, next_value, config["gamma"], config["gae_lambda"]))
        progress.add(len(player.returns), sum(player.returns), (number + 1) * batch_size)
    steady_s = time.perf_counter() - steady_start
    return {"steps": updates * batch_size,
            "steps_per_second": (updates - 1) * batch_size / steady_s,
            "threads": torch.get_num_threads()} | episodes.result([progress])


if __name__ == "__main__":
    print(json.dumps(train(json.loads(sys.argv[1]))))
