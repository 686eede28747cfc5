"""PPO on CartPole with all of the training in one compiled JAX function; prints one JSON line.

    python jit_ppo.py CONFIG_JSON

CONFIG_JSON holds the keys of `ppo_train --print-config`. The loop has the shape that PureJaxRL made known:
environments side by side by vmap; steps, advantages, epochs, minibatches and updates by lax.scan; one jit
around everything; several seeds by one more vmap. The algorithm is that of ppo_train.
"""
import functools
import json
import sys
import time
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

import episodes

# Gymnasium's CartPole-v1
GRAVITY, POLE_MASS, TOTAL_MASS, HALF_LENGTH, FORCE, TAU = 9.8, 0.1, 1.1, 0.5, 10.0, 0.02
MAX_X, MAX_THETA = 2.4, 12 * 2 * np.pi / 360


class Env(NamedTuple):
    """One environment."""
    state: jax.Array  # [4] x, its speed, theta, its speed
    length: jax.Array  # of the episode so far [steps]; its return too, as each step earns 1


class Step(NamedTuple):
    """What a step leaves, [steps][environments] after the rollout."""
    obs: jax.Array
    action: jax.Array
    logp: jax.Array
    value: jax.Array
    terminated: jax.Array
    truncated: jax.Array
    last_obs: jax.Array  # what the step led to, before any reset
    length: jax.Array  # of the episode with this step


# --- The environment ---

def reset(key):
    return Env(jax.random.uniform(key, (4,), minval=-0.05, maxval=0.05), jnp.int32(0))


def move(state, action):
    """The Euler step."""
    x, x_dot, theta, theta_dot = state
    sin, cos = jnp.sin(theta), jnp.cos(theta)
    force = jnp.where(action == 1, FORCE, -FORCE)
    push = (force + POLE_MASS * HALF_LENGTH * theta_dot**2 * sin) / TOTAL_MASS
    theta_acc = (GRAVITY * sin - cos * push) / (HALF_LENGTH * (4 / 3 - POLE_MASS * cos**2 / TOTAL_MASS))
    x_acc = push - POLE_MASS * HALF_LENGTH * theta_acc * cos / TOTAL_MASS
    return jnp.stack([x + TAU * x_dot, x_dot + TAU * x_acc, theta + TAU * theta_dot, theta_dot + TAU * theta_acc])


def step(env, action, key, limit):
    """One environment: the next one, afresh if the episode has ended, and how it ended."""
    state = move(env.state, action)
    length = env.length + 1
    terminated = (jnp.abs(state[0]) > MAX_X) | (jnp.abs(state[2]) > MAX_THETA)
    truncated = (length >= limit) & ~terminated if limit else jnp.zeros_like(terminated)
    ended = terminated | truncated
    following = jax.tree.map(lambda new, old: jnp.where(ended, new, old), reset(key), Env(state, length))
    return following, (terminated, truncated, state, length)


# --- The networks ---

def init_network(key, outputs, head_gain):
    """Two hidden tanh layers; orthogonal weights, no biases at first."""
    sizes, gains = (4, 64, 64, outputs), (2**0.5, 2**0.5, head_gain)
    return [(jax.nn.initializers.orthogonal(gain)(part, (rows, columns)), jnp.zeros(columns))
            for part, rows, columns, gain in zip(jax.random.split(key, 3), sizes, sizes[1:], gains)]


def network(layers, x):
    for weights, bias in layers[:-1]:
        x = jnp.tanh(x @ weights + bias)
    weights, bias = layers[-1]
    return x @ weights + bias


def policy(params, obs):
    """Log-probabilities of the actions."""
    return jax.nn.log_softmax(network(params["actor"], obs))


def value(params, obs):
    return network(params["critic"], obs)[..., 0]


def logp_of(log_probs, action):
    return jnp.take_along_axis(log_probs, action[..., None], -1)[..., 0]


# --- Learning ---

def rollout(config, params, envs, key):
    """num_steps steps of all environments."""
    def play(envs, key):
        act_key, reset_key = jax.random.split(key)
        log_probs = policy(params, envs.state)
        action = jax.random.categorical(act_key, log_probs)
        following, (terminated, truncated, last_obs, length) = jax.vmap(
            functools.partial(step, limit=config["max_episode_steps"]))(
                envs, action, jax.random.split(reset_key, config["num_envs"]))
        return following, Step(envs.state, action, logp_of(log_probs, action), value(params, envs.state),
                               terminated, truncated, last_obs, length)
    return jax.lax.scan(play, envs, jax.random.split(key, config["num_steps"]))


def gae(config, params, steps, next_obs):
    """Generalised advantage estimates (Schulman et al. 2016); what was cut counts for its last value."""
    last_value = value(params, steps.last_obs) if config["max_episode_steps"] else jnp.zeros_like(steps.value)

    def back(carry, row):
        advantage, next_value = carry
        value_here, terminated, truncated, cut_value = row
        next_value = jnp.where(terminated, 0.0, jnp.where(truncated, cut_value, next_value))
        delta = 1.0 + config["gamma"] * next_value - value_here
        advantage = delta + config["gamma"] * config["gae_lambda"] * jnp.where(terminated | truncated, 0, advantage)
        return (advantage, value_here), advantage

    start = (jnp.zeros(config["num_envs"]), value(params, next_obs))
    return jax.lax.scan(back, start, (steps.value, steps.terminated, steps.truncated, last_value), reverse=True)[1]


def loss(params, config, obs, action, old_logp, old_value, advantage, target):
    """The clipped loss (Schulman et al. 2017) of a minibatch."""
    clip = config["clip_coef"]
    log_probs, now = policy(params, obs), value(params, obs)
    ratio = jnp.exp(logp_of(log_probs, action) - old_logp)
    gain = jnp.minimum(ratio * advantage, jnp.clip(ratio, 1 - clip, 1 + clip) * advantage).mean()
    error = (now - target) ** 2
    if config["clip_vloss"]:
        error = jnp.maximum(error, (old_value + jnp.clip(now - old_value, -clip, clip) - target) ** 2)
    entropy = -(jnp.exp(log_probs) * log_probs).sum(-1).mean()
    return config["vf_coef"] * 0.5 * error.mean() - gain - config["ent_coef"] * entropy


def adam(config, params, state, grads, lr):
    """A step of Adam (Kingma & Ba 2015) with the gradient's length limited."""
    count, first, second = state
    count += 1
    length = jnp.sqrt(sum((g**2).sum() for g in jax.tree.leaves(grads)))
    scale = jnp.minimum(1.0, config["max_grad_norm"] / (length + 1e-6))
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * scale * g, first, grads)
    second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * (scale * g) ** 2, second, grads)
    rate, root = lr / (1 - 0.9**count), 1 - 0.999**count
    params = jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v / root) + 1e-8), params, first, second)
    return params, (count, first, second)


def learn(config, params, adam_state, steps, advantage, lr, key):
    """All epochs over one rollout."""
    target = advantage + steps.value
    if config["norm_adv"]:
        advantage = (advantage - advantage.mean()) / (advantage.std() + 1e-8)
    samples = [array.reshape(-1, *array.shape[2:]) for array in
               (steps.obs, steps.action, steps.logp, steps.value, advantage, target)]

    def minibatch(carry, rows):
        params, adam_state = carry
        grads = jax.grad(loss)(params, config, *(array[rows] for array in samples))
        return adam(config, params, adam_state, grads, lr), None

    def epoch(carry, key):
        order = jax.random.permutation(key, samples[0].shape[0])
        return jax.lax.scan(minibatch, carry, order.reshape(config["num_minibatches"], -1))

    return jax.lax.scan(epoch, (params, adam_state), jax.random.split(key, config["update_epochs"]))[0]


def train(config, updates, seed):
    """A whole training run; returns how many episodes each update ended, and the sum of their returns."""
    actor_key, critic_key, env_key, key = jax.random.split(jax.random.key(seed), 4)
    params = {"actor": init_network(actor_key, 2, 0.01), "critic": init_network(critic_key, 1, 1.0)}
    zeros = jax.tree.map(jnp.zeros_like, params)
    envs = jax.vmap(reset)(jax.random.split(env_key, config["num_envs"]))

    def update(carry, number):
        params, adam_state, envs = carry
        play_key, learn_key = jax.random.split(jax.random.fold_in(key, number))
        envs, steps = rollout(config, params, envs, play_key)
        advantage = gae(config, params, steps, envs.state)
        lr = config["lr"] * (1 - number / updates if config["anneal_lr"] else 1)
        params, adam_state = learn(config, params, adam_state, steps, advantage, lr, learn_key)
        ended = steps.terminated | steps.truncated
        return (params, adam_state, envs), (ended.sum(), (ended * steps.length).sum())

    return jax.lax.scan(update, (params, (0, zeros, zeros), envs), jnp.arange(updates))


def main():
    config = json.loads(sys.argv[1])
    batch_size = config["num_envs"] * config["num_steps"]
    updates, seeds = config["total_timesteps"] // batch_size, config["num_seeds"]
    if seeds == 1:
        run, argument = functools.partial(train, config, updates), config["seed"]
    else:
        run, argument = jax.vmap(functools.partial(train, config, updates)), config["seed"] + jnp.arange(seeds)
    begin = time.perf_counter()
    compiled = jax.jit(run).lower(argument).compile()
    compile_s = time.perf_counter() - begin
    begin = time.perf_counter()
    _, (counts, sums) = jax.block_until_ready(compiled(argument))
    train_s = time.perf_counter() - begin
    agents = [episodes.Episodes(config["max_episode_steps"]) for _ in range(seeds)]
    for agent, its_counts, its_sums in zip(agents, np.reshape(counts, (seeds, -1)), np.reshape(sums, (seeds, -1))):
        for number, (count, total) in enumerate(zip(its_counts, its_sums)):
            agent.add(int(count), int(total), (number + 1) * batch_size)
    print(json.dumps({"steps": seeds * updates * batch_size, "compile_s": compile_s,
                      "steps_per_second": seeds * updates * batch_size / train_s} | episodes.result(agents)))


if __name__ == "__main__":
    main()
