"""Computes the golden vectors of PPO anew from their inputs, by reference.py in float64, and compares.

So the JAX of the first set and the NumPy of the second hold each other, before either holds the program. The numbers of
normalisation.json too, by normalisation.py.

    python tests/golden/check_vectors.py [FOLDER...]      default: both sets
"""
import json
import pathlib
import sys

import numpy as np

import normalisation
import reference

HERE = pathlib.Path(__file__).resolve().parent

# Of the largest entry, as the files' rule says. float64 rounds to 1e-16; seen is 5e-15.
AGREEMENT = 1e-12


class Vectors:
    """One golden file: arrays in their shapes, and what was computed held against them."""

    def __init__(self, file):
        self.content = json.loads(file.read_text())
        self.worst = 0.0

    def __getitem__(self, name):
        return np.array(self.content[name])

    def params(self, named=None):
        """Tensors by name, in shapes that follow from their sizes."""
        named = self.content["params"] if named is None else named
        H = len(named["actor.l1.b"])
        gaussian = reference.LOG_STD in named
        shapes = reference.shapes(len(named["actor.l1.w"]) // H, len(named["actor.head.b"]), H, gaussian)
        return {name: np.array(named[name]).reshape(shape) for name, shape in shapes.items()}

    def expect(self, got, want, scale=None):
        got, want = np.ravel(got), np.ravel(want)
        assert got.shape == want.shape, f"{got.shape} numbers, want {want.shape}"
        self.worst = max(self.worst, np.abs(got - want).max() / (np.abs(want).max() if scale is None else scale))

    def expect_params(self, got, named):
        """Their common scale is the largest of all entries."""
        want = self.params(named)
        flat = lambda tensors: np.concatenate([tensors[name].ravel() for name in reference.TENSORS])
        self.expect(flat(got), flat(want))


def check_forward(file):
    params = file.params()
    obs = file["obs"].reshape(-1, len(params["actor.l1.w"]))
    logits = reference.forward(params, "actor", obs)[2]
    logp = reference.log_softmax(logits)
    file.expect(logits, file["logits"])
    file.expect(logp, file["logp"])
    file.expect(reference.forward(params, "critic", obs)[2], file["value"])
    file.expect(reference.entropy(logp), file["entropy"])
    extreme = file.content["extreme"]
    logp = reference.log_softmax(np.reshape(extreme["logits"], (-1, logits.shape[1])))
    file.expect(logp, extreme["logp"])
    file.expect(reference.entropy(logp), extreme["entropy"])


def check_loss(file):
    params = file.params()
    obs = file["obs"].reshape(-1, len(params["actor.l1.w"]))
    gaussian = reference.LOG_STD in params
    act = file["act"].reshape(len(obs), -1) if gaussian else file["act"]
    batch = [act, *(file[name] for name in ("logp_old", "adv", "ret", "val_old"))]
    for case in file.content["cases"]:
        got = reference.loss(params, {**file.content["hyper"], "clip_vloss": case["clip_vloss"]}, obs, *batch)
        for name in ("ratio", "value") + (("mean", "logp") if gaussian else ()):
            file.expect(got[name], file[name])
        for name in ("loss_actor", "loss_critic", "entropy", "total", "grad_norm"):
            file.expect(got[name], case[name], scale=max(1, abs(case[name])))
        for name, want in case["grads"].items():
            grad = got["grads"][name].ravel()
            if isinstance(want, list):
                file.expect(grad, want, scale=case["grad_norm"])
            else:
                file.expect(grad[want["index"]], want["value"], scale=case["grad_norm"])
                file.expect(grad.sum(), want["sum"], scale=np.abs(grad).sum())
                file.expect(np.sqrt((grad**2).sum()), want["l2"])


def check_adam(file):
    adam = reference.Adam(file.params())
    for step in file.content["steps"]:
        norm, scale = adam.step(file.params(step["grads"]), step["lr"], step["max_grad_norm"])
        file.expect(norm, step["grad_norm"])
        file.expect(scale, step["clip_scale"])
        for name in ("params", "m", "v"):
            file.expect_params(getattr(adam, name), step[name])


def check_gae(file):
    grid = lambda name: file[name].reshape(file.content["T"], file.content["N"])
    values = grid("values")
    if "truncated" in file.content:
        ends = [grid(name) for name in ("terminated", "truncated", "final_value")]
    else:
        ends = [grid("dones")]
    advantages = reference.gae(file.content["hyper"], grid("rewards"), values, file["next_value"], *ends)
    file.expect(advantages, file["advantages"])
    file.expect(advantages + values, file["returns"])
    file.expect(reference.normalised(advantages), file["adv_norm"])


def check_whole_update(file):
    T, N, hyper, params = (*(file.content[name] for name in ("T", "N", "hyper")), file.params())
    grid = lambda name, *rest: file[name].reshape(T, N, *rest)
    got = reference.update(params, hyper, grid("obs", -1), file["next_obs"].reshape(N, -1),
                           *(grid(name) for name in ("act", "logp", "values", "rewards", "dones")),
                           file["perms"].reshape(hyper["update_epochs"], T * N))
    for name in ("advantages", "returns", "adv_norm", "losses"):
        file.expect(got[name], file[name])
    for epoch, want in enumerate(file.content["params_after_epoch"]):
        file.expect_params(got["params_after_epoch"][epoch], want)


def check_normalisation(file):
    for got, want in zip(normalisation.compute(), file.content["updates"], strict=True):
        for name in want:
            if np.size(want[name]):
                file.expect(got[name], want[name], scale=max(1, np.abs(want[name]).max()))


CHECKS = {"forward": check_forward, "loss_grad_h8": check_loss, "loss_grad_h64": check_loss,
          "loss_grad_gaussian": check_loss, "adam": check_adam,
          "gae": check_gae, "gae_truncation": check_gae, "whole_update": check_whole_update}


def main():
    failed = False
    folders = [pathlib.Path(folder) for folder in sys.argv[1:]] or [HERE, HERE / "second"]
    checks = [(folder / "ppo" / f"{name}.json", check) for folder in folders for name, check in CHECKS.items()]
    for path, check in checks + [(normalisation.FILE, check_normalisation)]:
        file = Vectors(path)
        check(file)
        print(f"{path}: within {file.worst:.1e} of the largest entry")
        failed |= not file.worst <= AGREEMENT
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
