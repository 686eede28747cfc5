"""Trained policies of every kind, and what they should answer: ppo_train's own functions and the same in float64."""
import ctypes
import json
import struct
import subprocess
from dataclasses import dataclass

import numpy as np

from common import ROOT

# Flags that train an agent of some skill within seconds: all environments, sizes and activations, with statistics and without.
TRAINED = {
    "cartpole": ("--config", "cartpole-v1"),
    "my_env": ("--env", "my_env", "--max-episode-steps", "100", "--num-envs", "16", "--lr", "1e-3",
               "--total-timesteps", "100000"),
    "cartpole_relu": ("--config", "cartpole-v1", "--activation", "relu", "--hidden-size", "32", "--norm-obs", "true"),
    "acrobot": ("--env", "acrobot", "--max-episode-steps", "500", "--num-envs", "16", "--lr", "2e-3", "--gae-lambda", "0.98",
                "--hidden-size", "128", "--norm-obs", "true", "--total-timesteps", "163840"),
    "mountain_car": ("--env", "mountain_car", "--max-episode-steps", "200", "--num-envs", "16", "--lr", "1e-3",
                     "--hidden-size", "32", "--norm-obs", "true", "--norm-reward", "true", "--gae-lambda", "0.98",
                     "--total-timesteps", "163840"),
    "mountain_car_continuous": ("--env", "mountain_car_continuous", "--max-episode-steps", "999", "--num-envs", "16",
                                "--lr", "1e-3", "--hidden-size", "256", "--activation", "relu", "--norm-obs", "true",
                                "--total-timesteps", "20480"),
    "pendulum": ("--env", "pendulum", "--max-episode-steps", "200", "--num-envs", "16", "--lr", "1e-3", "--hidden-size", "256",
                 "--norm-obs", "true", "--norm-reward", "true", "--total-timesteps", "20480"),
    "pendulum_bare": ("--env", "pendulum", "--max-episode-steps", "200", "--num-envs", "16", "--lr", "1e-3",
                      "--hidden-size", "32", "--log-std-init", "-0.5", "--total-timesteps", "40960"),
}
RANGES = {"pendulum": (-2, 2), "mountain_car_continuous": (-1, 1)}  # of continuous actions
NETS = ("actor", "critic")
LAYERS = ("l1.w", "l1.b", "l2.w", "l2.b", "head.w", "head.b")
KINDS = {"F32": "<f4", "F64": "<f8", "I64": "<i8"}
BOUND = 10  # of a normalised number


@dataclass
class Policy:
    tensors: dict
    metadata: dict

    def __getitem__(self, name):
        return self.tensors[name]

    @property
    def env(self):
        return self.metadata["env"]

    @property
    def is_discrete(self):
        return "actor.log_std" not in self.tensors

    @property
    def normalises(self):
        return self.metadata["norm_obs"] == "true"

    @property
    def observation_size(self):
        return self["actor.l1.w"].shape[0]

    @property
    def outputs(self):
        return len(self["actor.head.b"])

    def act(self, outputs):
        """The greedy action for the actor's outputs [batch][outputs]."""
        return outputs.argmax(axis=1) if self.is_discrete else np.clip(outputs, *RANGES[self.env])


def read_policy(file):
    """The content of a safetensors file."""
    content = file.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8:8 + length])
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        tensors[name] = np.frombuffer(content[begin:end], KINDS[entry["dtype"]]).reshape(entry["shape"])
    return Policy(tensors, metadata)


def observations(size, count=4096, seed=1):
    """float32 [count][size]: usual ones, small and huge ones, and zeros."""
    draws = np.random.default_rng(seed)
    scales = draws.choice([1e-6, 0.1, 1.0, 3.0, 1e3], size=(count, 1), p=[0.1, 0.3, 0.3, 0.2, 0.1])
    obs = (draws.standard_normal((count, size)) * scales).astype(np.float32)
    obs[0] = 0
    return obs


def seen64(policy, obs):
    """What the networks see of observations, in float64."""
    obs = obs.astype(np.float64)
    if not policy.normalises:
        return obs
    variance = policy["norm_obs.m2"] / policy["norm_obs.count"]
    return np.clip((obs - policy["norm_obs.mean"]) / np.sqrt(variance + 1e-8), -BOUND, BOUND)


def head_inputs64(policy, net, obs):
    """[batch][O] -> [batch][H], the second hidden layer in float64."""
    layers = [policy[f"{net}.{layer}"].astype(np.float64) for layer in LAYERS]
    activate = np.tanh if policy.metadata["activation"] == "tanh" else lambda x: np.maximum(x, 0)
    h = activate(seen64(policy, obs) @ layers[0] + layers[1])
    return activate(h @ layers[2] + layers[3])


def forward64(policy, net, obs):
    """[batch][O] -> [batch][outputs] in float64."""
    return head_inputs64(policy, net, obs) @ policy[f"{net}.head.w"].astype(np.float64) + policy[f"{net}.head.b"]


def sizes64(policy, net, obs):
    """What an output's terms come to if none cancels another [batch][outputs]: rounding errors are relative to that."""
    return np.abs(head_inputs64(policy, net, obs)) @ np.abs(policy[f"{net}.head.w"]) + np.abs(policy[f"{net}.head.b"])


def shared_object(folder, name, source, compiler):
    """`source` compiled and loaded. A name is for one source: a second library of that name would be the first."""
    file = folder / name
    file.write_text(source)
    library = file.with_suffix(".so")
    subprocess.run([*compiler, "-shared", "-fPIC", "-o", library, file, "-lm"], check=True, cwd=folder)
    return ctypes.CDLL(library)


def own_forward(folder, policy, obs, name):
    """(outputs [batch][outputs], values [batch]) by include/ppo, as ppo_train acts. `name` is for this policy alone."""
    O, H = policy["actor.l1.w"].shape
    A = policy.outputs
    activation = policy.metadata["activation"]
    source = f"""
    #include "ppo/network.hpp"
    #include "ppo/normalise.hpp"
    extern "C" void run(const float* params, const long* counts, const double* means, const double* m2s, const float* all,
                        int count, float* outputs, float* values) {{
      const ppo::Layout layout{{{O}, {A}, {H}, {0 if policy.is_discrete else A}}};
      const auto activation = ppo::Activation::{activation};
      ppo::Moments<double> moments[{O}];
      for (int i = 0; i < {O}; ++i) moments[i] = {{counts[i], means[i], m2s[i]}};
      const ppo::ObservationNorm<{O}> norm({str(policy.normalises).lower()}, moments);
      for (int n = 0; n < count; ++n) {{
        float obs[{O}];
        for (int i = 0; i < {O}; ++i) obs[i] = all[n * {O} + i];
        norm(obs);
        ppo::Activations<float> kept;
        ppo::forward(layout.actor(), activation, params, obs, kept, outputs + n * {A});
        ppo::forward(layout.critic(), activation, params + layout.critic_begin(), obs, kept, values + n);
      }}
    }}"""
    compiler = ["g++", "-std=c++20", "-O2", "-ffp-contract=off", f"-I{ROOT}/include"]
    library = shared_object(folder, f"own_{name}.cpp", source, compiler)
    params = np.concatenate([policy[f"{net}.{layer}"].ravel() for net in NETS for layer in LAYERS])
    statistics = [policy.tensors.get(f"norm_obs.{part}", np.zeros(O, kind))
                  for part, kind in (("count", np.int64), ("mean", np.float64), ("m2", np.float64))]
    outputs = np.empty((len(obs), A), np.float32)
    values = np.empty(len(obs), np.float32)
    library.run(floats(params), *(ctypes.c_void_p(part.ctypes.data) for part in statistics), floats(obs), len(obs),
                floats(outputs), floats(values))
    return outputs, values


def floats(array):
    return array.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
