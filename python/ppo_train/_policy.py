"""A trained policy in NumPy: the numbers that the program computes, without the program."""
from __future__ import annotations  # numpy.random is first imported when an action is drawn

import operator
import os
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ppo_train._errors import ConfigError
from ppo_train._files import StrPath, read_policy, reading
from ppo_train._flags import path_text

Floats = NDArray[np.float32]

_LAYERS = ("l1", "l2", "head")
_BOUND = 10  # of a normalised number


class Policy:
    """One agent's actor and critic. Made by Run.policy.

    O stands for the numbers of an observation, A for the number of discrete actions, D for the numbers of a continuous one,
    B for a batch. Observations are the environment's own, (O,) or (B, O): what was trained with norm_obs normalises them.

    env: name of the environment it was trained on
    observation_size: O
    outputs: A or D
    log_std: (D,) log of the standard deviation of continuous actions; None of discrete ones
    action_range: (low, high), each (D,), to which continuous actions are clipped; None of discrete ones
    """

    def __init__(self, file: StrPath, agent: int = 0) -> None:
        file = path_text("file", file)
        if os.path.isdir(file):
            raise ConfigError(f"{file} is a folder; ppo_train.Run({file!r}).policy() opens the policy of a run")
        tensors, metadata = read_policy(file)
        with reading(file):
            stacked = tensors["actor.l1.w"].ndim == 3
            number = agent_number(agent, len(tensors["actor.l1.w"]) if stacked else 1, file)
            of_agent = {name: np.array(tensor[number] if stacked else tensor) for name, tensor in tensors.items()}
            self.env = metadata["env"]
            self._is_tanh = metadata["activation"] == "tanh"
            self._actor, self._critic = (
                [(of_agent[f"{net}.{layer}.w"].astype(np.float64), of_agent[f"{net}.{layer}.b"].astype(np.float64))
                 for layer in _LAYERS] for net in ("actor", "critic"))
            self.observation_size: int = self._actor[0][0].shape[0]
            self.outputs: int = len(self._actor[2][1])
            self.log_std: Floats | None = of_agent.get("actor.log_std")
            self._norm = _norm_of(of_agent) if metadata["norm_obs"] == "true" else None
        self.action_range = None if self.log_std is None else _action_range(self.env)
        self._rng: np.random.Generator | None = None

    def __repr__(self) -> str:
        actions = f"one of {self.outputs} actions" if self.log_std is None else f"action ({self.outputs},)"
        return f"<ppo_train.Policy of {self.env}: observation ({self.observation_size},) -> {actions}>"

    def set_random_seed(self, seed: int | None) -> None:
        """Starts the random numbers of sampled actions anew, those of numpy.random.default_rng(seed)."""
        self._rng = np.random.default_rng(seed)

    def logits(self, obs: ArrayLike) -> Floats:
        """Unnormalised log-probabilities of discrete actions: (O,) -> (A,), (B, O) -> (B, A)."""
        if self.log_std is not None:
            raise TypeError(f"actions of {self.env} are continuous and have no logits; call mean")
        return self._forward(self._actor, self._checked(obs)).astype(np.float32)

    def mean(self, obs: ArrayLike) -> Floats:
        """The means of continuous actions, not clipped: (O,) -> (D,), (B, O) -> (B, D)."""
        if self.log_std is None:
            raise TypeError(f"actions of {self.env} are discrete and have no mean; call logits")
        return self._forward(self._actor, self._checked(obs)).astype(np.float32)

    def value(self, obs: ArrayLike) -> Floats:
        """The critic's estimate of the discounted return from here: (O,) -> (), (B, O) -> (B,).

        With norm_reward it is in units of the normalised reward.
        """
        return np.asarray(self._forward(self._critic, self._checked(obs))[..., 0], dtype=np.float32)

    def act(self, obs: ArrayLike, deterministic: bool = True, rng: np.random.Generator | int | None = None) -> NDArray[Any]:
        """Actions: int64 () or (B,) of discrete ones, float32 (D,) or (B, D), clipped to their range, of continuous ones.

        Deterministic ones are the most probable, or the mean. Others are drawn with `rng`, or with a new
        generator of that seed, by default with the policy's own.
        """
        outputs = self._forward(self._actor, self._checked(obs))
        if self.log_std is None or self.action_range is None:
            return np.asarray(outputs.argmax(axis=-1) if deterministic else _draw(outputs, self._source(rng)))
        if not deterministic:
            outputs = outputs + np.exp(self.log_std) * self._source(rng).standard_normal(outputs.shape)
        return np.clip(outputs.astype(np.float32), *self.action_range)

    def predict(self, observation: ArrayLike, state: Any = None, episode_start: Any = None,
                deterministic: bool = True) -> tuple[NDArray[Any], Any]:
        """(actions, state) as of Stable-Baselines3's models. The policy has no memory: `state` comes back as it is."""
        return self.act(observation, deterministic), state

    def _source(self, rng: np.random.Generator | int | None) -> np.random.Generator:
        if rng is not None:
            return np.random.default_rng(rng)
        if self._rng is None:
            self._rng = np.random.default_rng()
        return self._rng

    def _checked(self, obs: ArrayLike) -> Floats:
        given = np.asarray(obs)
        if given.dtype.kind not in "biuf":
            raise ValueError(f"an observation of {self.env} is of real numbers; this is of {given.dtype}")
        with np.errstate(over="ignore"):  # it is infinite then
            array = given.astype(np.float32)
        if array.ndim not in (1, 2) or array.shape[-1] != self.observation_size:
            raise ValueError(f"an observation of {self.env} is ({self.observation_size},), a batch "
                             f"(B, {self.observation_size}); this is {array.shape}")
        if not np.isfinite(array).all():
            raise ValueError(f"an observation of {self.env} is of finite numbers; this holds {array[~np.isfinite(array)][0]}")
        return array

    def _forward(self, net: list[tuple[NDArray[np.float64], NDArray[np.float64]]], obs: Floats) -> NDArray[np.float64]:
        """In float64, so that a result is as far from the program's as the program's is from the exact one."""
        if self._norm is not None:
            shift, scale = self._norm
            obs = np.clip((obs - shift) * scale, -_BOUND, _BOUND)
        (w1, b1), (w2, b2), (head_w, head_b) = net
        hidden = self._activate(self._activate(obs @ w1 + b1) @ w2 + b2)
        result: NDArray[np.float64] = hidden @ head_w + head_b
        return result

    def _activate(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.tanh(x) if self._is_tanh else np.maximum(x, 0)


def agent_number(agent: Any, count: int, source: StrPath) -> int:
    """The number of one of `count` agents of a file or folder."""
    try:
        number = operator.index(agent)
    except TypeError:
        number = -1
    if not 0 <= number < count:
        raise ConfigError(f"{os.fspath(source)} has no agent {agent!r}; its agents are 0 to {count - 1}")
    return number


def _norm_of(tensors: dict[str, NDArray[Any]]) -> tuple[Floats, Floats]:
    """(shift, scale) [O] in float32, rounded as in include/ppo/normalise.hpp."""
    count = np.maximum(tensors["norm_obs.count"], 1)
    scale = 1 / np.sqrt(tensors["norm_obs.m2"] / count + 1e-8)
    scale = np.where(tensors["norm_obs.count"] == 0, 1, scale)
    return tensors["norm_obs.mean"].astype(np.float32), scale.astype(np.float32)


def _action_range(env: str) -> tuple[Floats, Floats]:
    """(low, high) [D] of an environment with continuous actions; the program knows it."""
    import json

    from ppo_train._program import binary, run_program

    lines = run_program(["envs", "--json"])
    with reading(binary()):
        for known in json.loads("\n".join(lines)):
            if known["name"] == env and known["action_ranges"] is not None:
                low, high = np.array(known["action_ranges"], dtype=np.float32).T
                return low, high
    raise ConfigError(f"the program has no environment '{env}' with continuous actions; set PPO_TRAIN_BINARY to one that has")


def _draw(logits: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.int64]:
    """One of A actions for each row of logits [..., A]."""
    p = np.exp(logits - logits.max(axis=-1, keepdims=True))
    cumulative = p.cumsum(axis=-1)
    share = rng.random(logits.shape[:-1]) * cumulative[..., -1]
    drawn: NDArray[np.int64] = (share[..., np.newaxis] >= cumulative[..., :-1]).sum(axis=-1)
    return drawn
