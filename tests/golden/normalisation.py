"""What running statistics make of four updates of the environment Ramp (tests/unit/ppo/test_environments.hpp), by their
definitions in float64, whatever the order.

    python tests/golden/normalisation.py      writes normalisation.json beside this file

The statistics of an observation's number are those of all observations acted on, the return's those of the running episodes'
discounted returns after every step. An observation x is seen as (x - mean) / sqrt(variance + 1e-8) with what was known before
the rollout, a reward without the mean and with what is known after it, both within +-10.
"""
import json
import pathlib

import numpy as np

UPDATES, T, N = 4, 9, 20
GAMMA, LIMIT, BOUND = 0.96875, 14, 10.0
FILE = pathlib.Path(__file__).resolve().parent / "normalisation.json"


def observe(start, count):
    return [start + 0.5 * count + (256 if count == 13 else 0), 16 * (start % 4) - 0.125 * count**2, 3.0]


def scale(numbers):
    """Of statistics over numbers [count][...]."""
    return 1 / np.sqrt(numbers.var(0) + 1e-8) if len(numbers) else np.ones(numbers.shape[1:])


def normalised(x, numbers):
    shift = numbers.mean(0) if len(numbers) else 0.0
    return np.clip((x - shift) * scale(numbers), -BOUND, BOUND)


def moments(numbers):
    """(count, mean, sum of squared deviations) of each column."""
    return [[len(column), column.mean(), ((column - column.mean())**2).sum()] for column in numbers.T]


class Environment:
    def __init__(self, n):
        self.start, self.count, self.discounted, self.total = n, 0, 0.0, 0.0

    def play(self, update):
        for _ in range(T):
            update["obs"].append(observe(self.start, self.count))
            self.count += 1
            reward = 0.5 * self.count - 0.125 * self.start - 2
            self.total += reward
            self.discounted = GAMMA * self.discounted + reward
            update["rewards"].append(reward)
            update["discounted"].append(self.discounted)
            terminated = self.count == self.start + 11
            if terminated or self.count == LIMIT:
                if not terminated:
                    update["final_obs"].append(observe(self.start, self.count))
                update["returns"] += self.total
                self.__init__(0)
        update["last_obs"].append(observe(self.start, self.count))


def compute():
    """One dict an update; observations by environment, then by step."""
    environments = [Environment(n) for n in range(N)]
    seen, returns, updates = np.empty((0, 3)), np.empty((0, 1)), []
    for _ in range(UPDATES):
        update = {"obs": [], "rewards": [], "discounted": [], "final_obs": [], "last_obs": [], "returns": 0.0}
        for environment in environments:
            environment.play(update)
        shown = {name: normalised(np.array(update[name]).reshape(-1, 3), seen) for name in ("obs", "last_obs", "final_obs")}
        seen = np.concatenate([seen, update["obs"]])
        returns = np.concatenate([returns, np.array(update["discounted"])[:, None]])
        rewards = np.clip(np.array(update["rewards"]) * scale(returns)[0], -BOUND, BOUND)
        updates.append({**{name: x.ravel().tolist() for name, x in shown.items()}, "rewards": rewards.tolist(),
                        "return_sum": update["returns"], "moments": moments(seen) + moments(returns)})
    return updates


def text():
    short = [{name: [float(f"{x:.14g}") for x in value] if name in ("obs", "last_obs", "final_obs", "rewards") else value
              for name, value in update.items()} for update in compute()]
    return json.dumps({"T": T, "N": N, "gamma": GAMMA, "updates": short}, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    FILE.write_text(text())
