"""Writes a set of golden PPO vectors of other sizes than the first: inputs from a seed, outputs by reference.py in float64.

    python tests/golden/make_vectors.py FOLDER [SEED]      writes FOLDER/ppo/*.json; without a seed what is in second

Inputs are multiples of powers of two: exact in float32, and short in a text. Tolerances follow the rule of the first set,
from the same computation in float32.
"""
import json
import pathlib
import sys

import numpy as np

import reference
from vector_file import VectorFile, as_lists

# Odd sizes, unlike one another, so that no two dimensions are taken for each other unseen.
O, A = 3, 5
GAUSSIAN_SIZES = (4, 3)
DRAWS = np.random.default_rng(int(sys.argv[2]) if len(sys.argv) > 2 else 1)


def grid(values, bits=10):
    """To multiples of 2^-bits."""
    return np.round(np.asarray(values) * 2.0**bits) / 2.0**bits


def normals(*shape, scale=1.0):
    return grid(scale * DRAWS.standard_normal(shape))


def first_params(H, sizes=(O, A), gaussian=False):
    """Neither zero biases nor small heads, nor equal deviations: each tensor matters."""
    scales = {"l1.w": sizes[0]**-0.5, "l2.w": H**-0.5, "head.w": H**-0.5, "log_std": 0.5}
    return {name: normals(*shape, scale=0.2 if name.endswith(".b") else scales[name.partition(".")[2]])
            for name, shape in reference.shapes(*sizes, H, gaussian).items()}


def narrow(inputs):
    """The same inputs in float32; flags and indices stay."""
    if isinstance(inputs, dict):
        return {name: narrow(value) for name, value in inputs.items()}
    return inputs.astype(np.float32) if getattr(inputs, "dtype", None) == np.float64 else inputs


def forward_file(H=32, count=24):
    inputs = {"params": first_params(H), "obs": normals(count, O, scale=2.0)}
    extreme = np.array([[0] * A, [100, 0, 0, 0, 0], [-1000, 0, 1000, 0, 500], [1000] * A, [-1000] * A, [0, 0, 0, 0, -500],
                        [3e4, -3e4, 0, 100, -1], [0.0625, -0.0625, 0, 0.125, 0]])

    def compute(params, obs):
        logits = reference.forward(params, "actor", obs)[2]
        logp = reference.log_softmax(logits)
        extreme_logp = reference.log_softmax(extreme.astype(obs.dtype))
        return {"logits": logits, "logp": logp, "value": reference.forward(params, "critic", obs)[2][:, 0],
                "entropy": reference.entropy(logp), "extreme.logp": extreme_logp,
                "extreme.entropy": reference.entropy(extreme_logp)}

    file = VectorFile("Forward pass of actor and critic; extreme: log-softmax and entropy of logits whose naive "
                      "exponentials overflow.")
    outputs = file.outputs(compute(**inputs), compute(**narrow(inputs)))
    nested = {"logits": extreme} | {name: outputs.pop(f"extreme.{name}") for name in ("logp", "entropy")}
    return file.content(**inputs, **outputs, extreme=nested)


def loss_inputs(H, M, clip, gaussian):
    """Samples of every branch, each clear of the next: ratios inside and outside on both sides, with advantages of both
    signs; values likewise, where either of the two errors is the larger one."""
    sizes = GAUSSIAN_SIZES if gaussian else (O, A)
    params, obs = first_params(H, sizes, gaussian), normals(M, sizes[0])
    outputs = reference.forward(params, "actor", obs)[2]
    if gaussian:
        act = grid(outputs + np.exp(params[reference.LOG_STD]) * DRAWS.standard_normal(outputs.shape))
    else:
        act = DRAWS.integers(A, size=M)
    logp = reference.policy_of(params, outputs, act).logp
    value = reference.forward(params, "critic", obs)[2][:, 0]
    side = np.arange(M) % 3 - 1  # below, inside, above
    inside, beyond = (lambda: DRAWS.uniform(-0.8, 0.8, M) * clip), (lambda: clip + DRAWS.uniform(0.05, 0.4, M))
    away = lambda: np.where(side == 0, inside(), side * beyond())
    sign = np.where(np.arange(M) // 3 % 2 == 0, -1.0, 1.0)
    adv = grid(sign * DRAWS.uniform(0.2, 2.0, M))
    logp_old = grid(logp - np.log1p(away()), bits=16)
    val_old = grid(value - away(), bits=16)
    ret = grid(value + np.roll(sign, 1) * DRAWS.uniform(0.6, 1.5, M), bits=16)
    return {"params": params, "obs": obs, "act": act, "logp_old": logp_old, "adv": adv, "ret": ret, "val_old": val_old}


def sample_of(grad, count=25):
    """What a file of large networks states of a gradient."""
    index = np.sort(DRAWS.permutation(grad.size)[:count])
    return {"sum": grad.sum(), "l2": np.sqrt((grad * grad).sum()), "index": index, "value": grad.ravel()[index]}


def loss_file(H, M, sampled, gaussian=False):
    hyper = {"clip_coef": 0.125, "ent_coef": 0.03, "vf_coef": 0.75}
    inputs = loss_inputs(H, M, hyper["clip_coef"], gaussian)

    def compute(clip_vloss, params, **batch):
        result = reference.loss(params, {**hyper, "clip_vloss": clip_vloss}, **batch)
        return result | {f"grads.{name}": grad for name, grad in result.pop("grads").items()}

    file = VectorFile("PPO loss and its gradients on one minibatch, before norm clipping. total = loss_actor + vf_coef * "
                      "loss_critic - ent_coef * entropy; loss_critic holds its factor 0.5; adv is used as given."
                      + (" The policy is Gaussian: act [M][D] ~ Normal(mean, exp(log_std))." if gaussian else ""))
    stated_of_samples = (("mean", "logp") if gaussian else ()) + ("ratio", "value")
    cases = []
    for clip in (True, False):
        outputs = file.outputs(compute(clip, **inputs), compute(clip, **narrow(inputs)))
        grads = {name: outputs.pop(f"grads.{name}") for name in inputs["params"]}
        per_sample = {name: outputs.pop(name) for name in stated_of_samples}
        stated = {name: sample_of(grad) for name, grad in grads.items()} if sampled else grads
        cases.append({"clip_vloss": clip, **outputs, "grads": stated})
    return file.content(sampled, hyper=hyper, **inputs, **per_sample, cases=cases)


def adam_file(H=8, steps=4):
    params = first_params(H)
    rates = [0.001 * 2.0**-k for k in range(steps)]
    limits = [2.0**-9, 0.5, 1e3, 0.25][:steps]  # the first is so small that the 1e-6 counts; the third clips nothing
    grads = []
    for size in [2.0**-8, 1.0, 0.5, 4.0][:steps]:
        step = {name: normals(*tensor.shape, scale=1.0) * size for name, tensor in params.items()}
        for tensor in step.values():
            flat = tensor.reshape(-1)
            flat[DRAWS.random(flat.size) < 0.05] = 0
            flat[DRAWS.random(flat.size) < 0.05] *= 2.0**-24  # epsilon decides these steps
        grads.append(step)

    def compute(params, grads):
        adam, outputs, norms = reference.Adam(params), {}, []
        for k in range(steps):
            norms.append(adam.step(grads[k], rates[k], limits[k]))
            outputs |= {f"steps[{k}].{name}": dict(getattr(adam, name)) for name in ("params", "m", "v")}
        return outputs, norms

    file = VectorFile("Adam from zero moments, with norm clipping (factor min(max_grad_norm / (norm + 1e-6), 1), norm over "
                      "all tensors); grads are those before clipping. Each step has its own lr and max_grad_norm.")
    (exact, norms), (rounded, _) = compute(params, grads), compute(narrow(params), [narrow(step) for step in grads])
    outputs = file.outputs(exact, rounded)
    return file.content(params=params, steps=[
        {"lr": rates[k], "max_grad_norm": limits[k], "grad_norm": norms[k][0], "clip_scale": norms[k][1],
         "grads": grads[k]}
        | {name: outputs[f"steps[{k}].{name}"] for name in ("params", "m", "v")} for k in range(steps)])


def flags(shape, share):
    return (DRAWS.random(shape) < share).astype(int)


def gae_file(T, N, gamma, gae_lambda, truncation):
    hyper = {"gamma": gamma, "gae_lambda": gae_lambda}
    inputs = {"rewards": normals(T, N), "values": normals(T, N, scale=3.0), "next_value": normals(N, scale=3.0)}
    if truncation:
        truncated = flags((T, N), 0.08)
        inputs |= {"terminated": flags((T, N), 0.06), "truncated": truncated,
                   "final_value": np.where(truncated == 1, normals(T, N, scale=3.0), 999.0)}
    else:
        inputs |= {"terminated": flags((T, N), 0.06)}

    def compute(**inputs):
        advantages = reference.gae(hyper, **inputs)
        return {"advantages": advantages, "returns": advantages + inputs["values"],
                "adv_norm": reference.normalised(advantages)}

    file = VectorFile("Generalised advantage estimation, index t * N + n; adv_norm over all entries with the population "
                      "deviation plus 1e-8. final_value is 999 where it must not be used; a step with both flags is "
                      "terminated.")
    outputs = file.outputs(compute(**inputs), compute(**narrow(inputs)))
    if not truncation:
        inputs["dones"] = inputs.pop("terminated")
    return file.content(hyper=hyper, T=T, N=N, **inputs, **outputs)


def whole_update_file(H=16, T=12, N=20):
    hyper = {"clip_coef": 0.125, "ent_coef": 0.02, "vf_coef": 0.75, "gamma": 0.96875, "gae_lambda": 0.875,
             "clip_vloss": False, "norm_adv": True, "lr": 0.002, "max_grad_norm": 0.75, "update_epochs": 3,
             "num_minibatches": 5}
    params, obs, act = first_params(H), normals(T, N, O), DRAWS.integers(A, size=(T, N))
    states = obs.reshape(-1, O)
    logp = reference.log_softmax(reference.forward(params, "actor", states)[2])[np.arange(T * N), act.ravel()]
    values = reference.forward(params, "critic", states)[2][:, 0]
    inputs = {"params": params, "obs": obs, "next_obs": normals(N, O), "act": act,
              "logp": grid(logp + 0.1 * DRAWS.standard_normal(T * N), bits=16).reshape(T, N),
              "values": grid(values + 0.1 * DRAWS.standard_normal(T * N), bits=16).reshape(T, N),
              "rewards": normals(T, N), "dones": flags((T, N), 0.1),
              "perms": np.stack([DRAWS.permutation(T * N) for _ in range(hyper["update_epochs"])])}

    def compute(**inputs):
        result = reference.update(inputs.pop("params"), hyper, **inputs)
        return result | {f"params_after_epoch[{k}]": after for k, after in enumerate(result.pop("params_after_epoch"))}

    file = VectorFile("One whole update after a given rollout: value of next_obs, GAE, normalisation once over the batch, "
                      "then per epoch minibatch k takes samples perm[k*M .. (k+1)*M) of the flat batch (t * N + n); Adam "
                      "from zero moments. losses: per minibatch actor, critic (with its 0.5), entropy, before the step.")
    outputs = file.outputs(compute(**inputs), compute(**narrow(inputs)))
    after = [outputs.pop(f"params_after_epoch[{k}]") for k in range(hyper["update_epochs"])]
    return file.content(hyper=hyper, T=T, N=N, **inputs, **outputs, params_after_epoch=after)


def main():
    folder = pathlib.Path(sys.argv[1]) / "ppo"
    folder.mkdir(parents=True, exist_ok=True)
    files = {"forward": forward_file(), "loss_grad_h8": loss_file(H=8, M=90, sampled=False),
             "loss_grad_h64": loss_file(H=64, M=150, sampled=True), "adam": adam_file(),
             "gae": gae_file(T=37, N=19, gamma=0.96875, gae_lambda=0.875, truncation=False),
             "gae_truncation": gae_file(T=70, N=3, gamma=0.9921875, gae_lambda=0.9375, truncation=True),
             "whole_update": whole_update_file(),
             "loss_grad_gaussian": loss_file(H=16, M=70, sampled=False, gaussian=True)}
    for name, content in files.items():
        (folder / f"{name}.json").write_text(json.dumps(as_lists(content), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
