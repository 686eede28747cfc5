"""PPO's equations in NumPy, written from the papers: what make_vectors.py computes golden vectors by, and check_vectors.py
computes others' anew. All functions keep the number type of their arrays; constants are Python floats, which follow it.

Schulman et al. 2017 (PPO), Schulman et al. 2016 (GAE), Kingma & Ba 2015 (Adam), Pascanu et al. 2013 (norm clipping).
O observation, A actions, H hidden units; parameters are a dict of arrays by tensor name, weights [in][out]. A policy is
Gaussian, over A real numbers, when it has the parameter LOG_STD, else categorical, over A actions.
"""
import math

import numpy as np

LAYERS = ("l1.w", "l1.b", "l2.w", "l2.b", "head.w", "head.b")
TENSORS = [f"{net}.{layer}" for net in ("actor", "critic") for layer in LAYERS]
LOG_STD = "actor.log_std"


def shapes(O, A, H, gaussian=False):
    """The shape of each tensor by name."""
    result = {}
    for net, out in (("actor", A), ("critic", 1)):
        result |= zip((f"{net}.{layer}" for layer in LAYERS), ((O, H), (H,), (H, H), (H,), (H, out), (out,)))
    return result | ({LOG_STD: (A,)} if gaussian else {})


def forward(params, net, obs):
    """[M][O] -> the hidden layers [M][H] after tanh, and the outputs [M][A or 1]."""
    w1, b1, w2, b2, w3, b3 = (params[f"{net}.{layer}"] for layer in LAYERS)
    h1 = np.tanh(obs @ w1 + b1)
    h2 = np.tanh(h1 @ w2 + b2)
    return h1, h2, h2 @ w3 + b3


def backward(params, net, obs, h1, h2, d_out):
    """The gradients of one network's tensors from those of its outputs; tanh' = 1 - tanh^2."""
    d2 = (d_out @ params[f"{net}.head.w"].T) * (1 - h2 * h2)
    d1 = (d2 @ params[f"{net}.l2.w"].T) * (1 - h1 * h1)
    grads = (obs.T @ d1, d1.sum(0), h1.T @ d2, d2.sum(0), h2.T @ d_out, d_out.sum(0))
    return dict(zip((f"{net}.{layer}" for layer in LAYERS), grads))


def log_softmax(logits):
    shifted = logits - logits.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))


def entropy(logp):
    return -(np.exp(logp) * logp).sum(-1)


class Categorical:
    """Of M samples, given the logits and the actions taken."""

    def __init__(self, logits, act):
        self.all = log_softmax(logits)
        self.logp, self.entropy = self.all[np.arange(len(act)), act], entropy(self.all)
        self.one_hot = np.eye(logits.shape[1], dtype=logits.dtype)[act]

    def gradient(self, d_logp, d_entropy):
        """By the logits, of a loss that depends on logp and entropy so: d logp[a] / d logit = 1[a] - p, and
        d entropy / d logit = -p (logp + entropy). Nothing else takes part."""
        prob = np.exp(self.all)
        return d_logp[:, None] * (self.one_hot - prob) - d_entropy * prob * (self.all + self.entropy[:, None]), {}


class Gaussian:
    """The same with A independent normal distributions, given the means and the logarithms of the deviations."""

    def __init__(self, mean, log_std, act):
        self.std, self.z = np.exp(log_std), (act - mean) / np.exp(log_std)
        self.logp = (-0.5 * self.z**2 - log_std - 0.5 * math.log(2 * math.pi)).sum(-1)
        self.entropy = np.broadcast_to((log_std + 0.5 * (1 + math.log(2 * math.pi))).sum(), self.logp.shape)

    def gradient(self, d_logp, d_entropy):
        """d logp / d mean = z / std, d logp / d log_std = z^2 - 1, d entropy / d log_std = 1; of a mean over the samples."""
        d_log_std = (d_logp[:, None] * (self.z**2 - 1) + d_entropy).mean(0)
        return d_logp[:, None] * self.z / self.std, {LOG_STD: d_log_std}


def policy_of(params, outputs, act):
    return Gaussian(outputs, params[LOG_STD], act) if LOG_STD in params else Categorical(outputs, act)


def loss(params, hyper, obs, act, logp_old, adv, ret, val_old):
    """Losses, per-sample ratios and values, and the gradient of `total`, of the mean over the samples."""
    M = len(act)
    clip, ent_coef, vf_coef = hyper["clip_coef"], hyper["ent_coef"], hyper["vf_coef"]
    actor1, actor2, outputs = forward(params, "actor", obs)
    critic1, critic2, out = forward(params, "critic", obs)
    value = out[:, 0]

    # -min(r A, clip(r) A): where the clipped term is less, nothing depends on r.
    policy = policy_of(params, outputs, act)
    ratio = np.exp(policy.logp - logp_old)
    plain, clipped = ratio * adv, np.clip(ratio, 1 - clip, 1 + clip) * adv
    d_logp = np.where(plain <= clipped, -plain, 0)
    d_outputs, extra_grads = policy.gradient(d_logp, -ent_coef)

    # Half the worse of two squared errors.
    error, winning, d_winning = value - ret, value - ret, np.ones_like(value)
    if hyper["clip_vloss"]:
        shift = value - val_old
        clipped_error = val_old + np.clip(shift, -clip, clip) - ret
        wins = clipped_error**2 > error**2
        winning = np.where(wins, clipped_error, error)
        d_winning = np.where(wins & (np.abs(shift) > clip), 0, 1).astype(value.dtype)
    d_value = vf_coef * winning * d_winning

    losses = {"loss_actor": -np.minimum(plain, clipped).mean(), "loss_critic": 0.5 * (winning**2).mean(),
              "entropy": policy.entropy.mean()}
    losses["total"] = losses["loss_actor"] + vf_coef * losses["loss_critic"] - ent_coef * losses["entropy"]
    grads = backward(params, "actor", obs, actor1, actor2, d_outputs / M)
    grads |= backward(params, "critic", obs, critic1, critic2, d_value[:, None] / M)
    grads |= extra_grads
    of_gaussian = {"mean": outputs, "logp": policy.logp} if LOG_STD in params else {}
    return {**losses, **of_gaussian, "ratio": ratio, "value": value, "grads": grads, "grad_norm": norm(grads)}


def norm(grads):
    """Of all tensors together."""
    return np.sqrt(sum((grad * grad).sum() for grad in grads.values()))


class Adam:
    """From zero moments: beta 0.9 and 0.999, epsilon 1e-8 outside the root, corrections from step 1."""

    def __init__(self, params):
        self.params = dict(params)
        self.m = {name: np.zeros_like(tensor) for name, tensor in params.items()}
        self.v = {name: np.zeros_like(tensor) for name, tensor in params.items()}
        self.step_number = 0

    def step(self, grads, lr, max_grad_norm):
        """Returns the norm of the gradient and the factor that clips it."""
        self.step_number += 1
        size = norm(grads)
        scale = np.minimum(max_grad_norm / (size + 1e-6), 1).astype(size.dtype)
        for name in self.params:
            g = grads[name] * scale
            self.m[name] = 0.9 * self.m[name] + (1 - 0.9) * g
            self.v[name] = 0.999 * self.v[name] + (1 - 0.999) * g * g
            m_hat = self.m[name] / (1 - 0.9**self.step_number)
            v_hat = self.v[name] / (1 - 0.999**self.step_number)
            self.params[name] = self.params[name] - lr * m_hat / (np.sqrt(v_hat) + 1e-8)
        return size, scale


def gae(hyper, rewards, values, next_value, terminated, truncated=None, final_value=None):
    """[T][N] advantages. A termination is worth 0 afterwards, a truncation final_value; the chain is cut at both."""
    truncated = np.zeros_like(terminated) if truncated is None else truncated
    advantages, following = np.empty_like(rewards), np.zeros_like(next_value)
    for t in reversed(range(len(rewards))):
        bootstrap = next_value if t + 1 == len(rewards) else values[t + 1]
        if final_value is not None:
            bootstrap = np.where(truncated[t] == 1, final_value[t], bootstrap)
        bootstrap = np.where(terminated[t] == 1, 0, bootstrap).astype(rewards.dtype)
        ended = (terminated[t] == 1) | (truncated[t] == 1)
        delta = rewards[t] + hyper["gamma"] * bootstrap - values[t]
        following = delta + hyper["gamma"] * hyper["gae_lambda"] * np.where(ended, 0, following).astype(rewards.dtype)
        advantages[t] = following
    return advantages


def normalised(advantages):
    """To mean 0 and population deviation 1."""
    return (advantages - advantages.mean()) / (advantages.std() + 1e-8)


def update(params, hyper, obs, next_obs, act, logp, values, rewards, dones, perms):
    """One update after a rollout [T][N]; perms [epochs][T * N] of flat indices t * N + n."""
    next_value = forward(params, "critic", next_obs)[2][:, 0]
    advantages = gae(hyper, rewards, values, next_value, dones)
    returns = advantages + values
    adv = (normalised(advantages) if hyper["norm_adv"] else advantages).ravel()
    flat = obs.reshape(-1, obs.shape[-1]), act.ravel(), logp.ravel(), adv, returns.ravel(), values.ravel()
    adam, losses, after = Adam(params), [], []
    for perm in perms:
        for picked in np.split(perm, hyper["num_minibatches"]):
            result = loss(adam.params, hyper, *(array[picked] for array in flat))
            losses.append([result["loss_actor"], result["loss_critic"], result["entropy"]])
            adam.step(result["grads"], hyper["lr"], hyper["max_grad_norm"])
        after.append(dict(adam.params))
    return {"advantages": advantages, "returns": returns, "adv_norm": adv, "losses": np.array(losses),
            "params_after_epoch": after}
