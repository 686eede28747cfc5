#!/usr/bin/env python3
"""Plays an exported policy in Gymnasium's own environment, with neither ppo_train nor its environment.

The file says what it was trained on: cartpole, acrobot, mountain_car, mountain_car_continuous or pendulum.

    pip install gymnasium onnxruntime
    ppo_train --config cartpole-v1 --out run
    ppo_train export run
    python3 examples/gymnasium_eval.py run/agent.onnx
"""
import argparse

import gymnasium
import numpy as np
import onnxruntime

# Gymnasium's names of ppo_train's environments.
NAMES = {
    "cartpole": "CartPole-v1",
    "acrobot": "Acrobot-v1",
    "mountain_car": "MountainCar-v0",
    "mountain_car_continuous": "MountainCarContinuous-v0",
    "pendulum": "Pendulum-v1",
}


def name_of(policy):
    """Gymnasium's name of the environment that the policy was trained on; None if it has none."""
    return NAMES.get(policy.get_modelmeta().custom_metadata_map.get("env"))


def play(file, env=None, episodes=100, seed=0):
    """The returns of that many greedy episodes, the first one reset with `seed`, the next with `seed + 1`, ...

    In the environment that the policy was trained on, or in `env` of Gymnasium. Observations go in as they are: a policy that
    was trained with norm_obs normalises them itself.
    """
    policy = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    environment = gymnasium.make(env or name_of(policy))
    returns = []
    for episode in range(episodes):
        obs, _ = environment.reset(seed=seed + episode)
        episode_return, over = 0.0, False
        while not over:
            batch = np.asarray(obs, dtype=np.float32)[np.newaxis]  # a batch of one observation
            # One of several actions, or a float32 array of a Box. Also there: "value", "logits" or "mean" and "log_std".
            action = policy.run(["action"], {"obs": batch})[0][0]
            obs, reward, terminated, truncated, _ = environment.step(action)
            episode_return += float(reward)
            over = terminated or truncated
        returns.append(episode_return)
    environment.close()
    return np.array(returns)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", metavar="FILE.onnx", help="written by ppo_train export RUN")
    parser.add_argument("--env", help="of Gymnasium; default: the one that the policy was trained on")
    parser.add_argument("--episodes", type=int, default=100, help="default %(default)s")
    parser.add_argument("--seed", type=int, default=0, help="of the first episode; default %(default)s")
    arguments = parser.parse_args()
    env = arguments.env or name_of(onnxruntime.InferenceSession(arguments.file, providers=["CPUExecutionProvider"]))
    if env is None:
        parser.error(f"{arguments.file} was trained on an environment that Gymnasium lacks; name another one with --env")
    returns = play(arguments.file, env, arguments.episodes, arguments.seed)
    print(f"{env}: return {returns.mean():.2f} ± {returns.std():.2f}, min {returns.min():.2f}, "
          f"max {returns.max():.2f}; {len(returns)} greedy episodes")


if __name__ == "__main__":
    main()
