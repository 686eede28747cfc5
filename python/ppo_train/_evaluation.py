"""Episodes of a policy in an environment of Gymnasium."""
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Evaluation:
    """How episodes went.

    returns: float64 [episodes], undiscounted sums of rewards
    lengths: int64 [episodes], in steps
    """

    def __init__(self, returns: NDArray[np.float64], lengths: NDArray[np.int64]) -> None:
        self.returns = returns
        self.lengths = lengths

    @property
    def mean(self) -> float:
        """The mean return."""
        return float(self.returns.mean())

    @property
    def std(self) -> float:
        """The standard deviation of the returns."""
        return float(self.returns.std())

    def __repr__(self) -> str:
        return f"<ppo_train.Evaluation: return {self.mean:.2f} ± {self.std:.2f} over {len(self.returns)} episodes>"


def evaluate(policy: Any, env: Any, episodes: int = 100, seed: int | None = None, deterministic: bool = True) -> Evaluation:
    """Plays whole episodes.

    policy: anything with predict(obs, state, episode_start, deterministic) -> (actions, state): a Policy, or a model of
        Stable-Baselines3
    env: an environment of Gymnasium, or one that steps and resets as they do
    episodes: how many to play
    seed: of the first episode; the next has seed + 1, …, so that the same seed plays the same episodes. None: fresh ones
    deterministic: take the most probable action, or the mean, instead of sampling one
    """
    if episodes < 1:
        raise ValueError(f"episodes is {episodes}; write 1 or more")
    if hasattr(env, "num_envs"):
        raise ValueError(f"env is a vector of {env.num_envs} environments; write a single one, as gymnasium.make returns it")
    if seed is not None and not deterministic and hasattr(policy, "set_random_seed"):
        policy.set_random_seed(seed)
    played = [_play(policy, env, None if seed is None else seed + episode, deterministic) for episode in range(episodes)]
    returns, lengths = zip(*played, strict=True)
    return Evaluation(np.array(returns, dtype=np.float64), np.array(lengths, dtype=np.int64))


def _play(policy: Any, env: Any, seed: int | None, deterministic: bool) -> tuple[float, int]:
    """(return, length) of one episode."""
    obs, _ = env.reset(seed=seed)
    episode_return, length, over, state = 0.0, 0, False, None
    while not over:
        starts = np.array([length == 0])
        action, state = policy.predict(obs, state=state, episode_start=starts, deterministic=deterministic)
        obs, reward, terminated, truncated, _ = env.step(action)
        episode_return += float(reward)
        length += 1
        over = bool(terminated or truncated)
    return episode_return, length
