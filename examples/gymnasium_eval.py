#!/usr/bin/env python3
"""Plays an exported policy in Gymnasium's own environment, with neither ppo_train nor its environment.

    pip install gymnasium onnxruntime
    ppo_train --config cartpole-v1 --out run
    ppo_train export run
    python3 examples/gymnasium_eval.py run/agent.onnx
"""
import argparse

import gymnasium
import numpy as np
import onnxruntime


def play(file, env="CartPole-v1", episodes=100, seed=0):
    """The returns of that many greedy episodes, the first one reset with `seed`, the next with `seed + 1`, ..."""
    policy = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    environment = gymnasium.make(env)
    returns = []
    for episode in range(episodes):
        obs, _ = environment.reset(seed=seed + episode)
        episode_return, over = 0.0, False
        while not over:
            batch = np.asarray(obs, dtype=np.float32)[np.newaxis]  # a batch of one observation
            (action,) = policy.run(["action"], {"obs": batch})[0]  # also there: "logits", "value"
            obs, reward, terminated, truncated, _ = environment.step(action)
            episode_return += float(reward)
            over = terminated or truncated
        returns.append(episode_return)
    environment.close()
    return np.array(returns)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", metavar="FILE.onnx", help="written by ppo_train export RUN")
    parser.add_argument("--env", default="CartPole-v1", help="of Gymnasium; default %(default)s")
    parser.add_argument("--episodes", type=int, default=100, help="default %(default)s")
    parser.add_argument("--seed", type=int, default=0, help="of the first episode; default %(default)s")
    arguments = parser.parse_args()
    returns = play(arguments.file, arguments.env, arguments.episodes, arguments.seed)
    print(f"{arguments.env}: return {returns.mean():.2f} ± {returns.std():.2f}, min {returns.min():.2f}, "
          f"max {returns.max():.2f}; {len(returns)} greedy episodes")


if __name__ == "__main__":
    main()
