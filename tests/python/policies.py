"""Trained policies, and what they should answer: ppo_train's own forward() and the same in float64."""
import ctypes
import json
import struct
import subprocess

import numpy as np

from common import ROOT

# Flags that train an agent of some skill within a second, by environment.
TRAINED = {
    "cartpole": ("--config", "cartpole-v1"),
    "my_env": ("--env", "my_env", "--max-episode-steps", "100", "--num-envs", "16", "--lr", "1e-3",
               "--total-timesteps", "100000"),
}
NETS = ("actor", "critic")
LAYERS = ("l1.w", "l1.b", "l2.w", "l2.b", "head.w", "head.b")


def read_policy(file):
    """The tensors of a safetensors file by name."""
    content = file.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8:8 + length])
    header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        tensors[name] = np.frombuffer(content[begin:end], "<f4").reshape(entry["shape"])
    return tensors


def observations(size, count=4096, seed=1):
    """float32 [count][size]: usual ones, small and huge ones, and zeros."""
    draws = np.random.default_rng(seed)
    scales = draws.choice([1e-6, 0.1, 1.0, 3.0, 1e3], size=(count, 1), p=[0.1, 0.3, 0.3, 0.2, 0.1])
    obs = (draws.standard_normal((count, size)) * scales).astype(np.float32)
    obs[0] = 0
    return obs


def forward64(tensors, net, obs):
    """[batch][O] -> [batch][outputs] in float64."""
    layers = [tensors[f"{net}.{layer}"].astype(np.float64) for layer in LAYERS]
    h = np.tanh(obs.astype(np.float64) @ layers[0] + layers[1])
    h = np.tanh(h @ layers[2] + layers[3])
    return h @ layers[4] + layers[5]


def shared_object(folder, name, source, compiler):
    """`source` compiled and loaded. A name is for one source: a second library of that name would be the first."""
    file = folder / name
    file.write_text(source)
    library = file.with_suffix(".so")
    subprocess.run([*compiler, "-shared", "-fPIC", "-o", library, file, "-lm"], check=True, cwd=folder)
    return ctypes.CDLL(library)


def own_forward(folder, tensors, obs):
    """(logits [batch][A], values [batch]) by include/ppo/network.hpp, as ppo_train acts."""
    O, H = tensors["actor.l1.w"].shape
    A = len(tensors["actor.head.b"])
    source = f"""
    #include "ppo/network.hpp"
    using Layout = ppo::Layout<{O}, {A}, {H}>;
    extern "C" void run(const float* params, const float* obs, int count, float* logits, float* values) {{
      for (int i = 0; i < count; ++i) {{
        ppo::Activations<Layout::Actor, float> actor;
        ppo::Activations<Layout::Critic, float> critic;
        ppo::forward(params + Layout::actor, obs + i * {O}, actor, logits + i * {A});
        ppo::forward(params + Layout::critic, obs + i * {O}, critic, values + i);
      }}
    }}"""
    compiler = ["g++", "-std=c++20", "-O2", "-ffp-contract=off", f"-I{ROOT}/include"]
    library = shared_object(folder, f"own_forward_{O}.cpp", source, compiler)
    params = np.concatenate([tensors[f"{net}.{layer}"].ravel() for net in NETS for layer in LAYERS])
    logits = np.empty((len(obs), A), np.float32)
    values = np.empty(len(obs), np.float32)
    library.run(floats(params), floats(obs), len(obs), floats(logits), floats(values))
    return logits, values


def floats(array):
    return array.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
