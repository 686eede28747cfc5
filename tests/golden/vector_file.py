"""A golden file in the making: what it says of itself, above all how close to come to its outputs."""
import math

import numpy as np

RTOL = 1e-6
ULP = 2.0**-23  # of a float32, as a share of it
SIZE_ONE = 1e-6
# Terms of size 1 cancel in the first five; the last two have entries of thousands, which rtol is for.
OF_SIZE_ONE = ("loss_actor", "loss_critic", "entropy", "total", "grad_norm", "extreme.logp", "extreme.entropy")


def flat(output):
    """All entries of an output: an array, a number, or tensors by name."""
    if isinstance(output, dict):
        return np.concatenate([np.ravel(tensor) for tensor in output.values()]).astype(np.float64)
    return np.ravel(output).astype(np.float64)


def short(number):
    """2.0 as 2, which is the same in JSON."""
    return int(number) if float(number).is_integer() else number


def as_lists(content):
    """For JSON: arrays flat and row-major."""
    if isinstance(content, dict):
        return {name: as_lists(value) for name, value in content.items()}
    if isinstance(content, list):
        return [as_lists(value) for value in content]
    if isinstance(content, np.ndarray):
        return [short(number) for number in content.ravel().tolist()]
    return content.item() if isinstance(content, np.generic) else content


def round_up(number):
    """To one digit."""
    unit = 10.0**math.floor(math.log10(number))
    return float(f"{math.ceil(number / unit * (1 - 1e-9)) * unit:.0e}")


class VectorFile:
    def __init__(self, what):
        self.what = what
        self.errors = {}  # by output: the largest error in float32, the largest entry, the root mean square, the size

    def outputs(self, exact, rounded):
        """Takes note of the errors of float32; returns the exact outputs."""
        for name in exact:
            want, error = flat(exact[name]), np.abs(flat(rounded[name]) - flat(exact[name])).max()
            seen = (error, np.abs(want).max(), np.sqrt((want * want).mean()), want.size)
            self.errors[name] = tuple(map(max, seen, self.errors.get(name, seen)))
        return exact

    def tolerances(self, sampled):
        """By output, of `sampled` gradients by what is stated of them. Gradients share the largest error relative to their
        largest entry, so that a lucky small tensor gets no tighter bound; the errors of n entries add up like sqrt(n)."""
        grads = [seen for name, seen in self.errors.items() if name.startswith("grads.")]
        pooled = max((error / most for error, most, *_ in grads), default=0)
        result = {}
        for name, (error, most, typical, size) in self.errors.items():
            is_grad = name.startswith("grads.")
            least = SIZE_ONE if name in OF_SIZE_ONE else 4 * ULP * typical
            atol = max(10 * (pooled * most if is_grad else error), least)
            if is_grad and sampled:
                result |= {f"{name}.value": round_up(atol), f"{name}.sum": round_up(atol * size**0.5),
                           f"{name}.l2": round_up(atol * size**0.5)}
            else:
                result[name] = round_up(atol)
        return result

    def content(self, sampled=False, **parts):
        rule = ("|got - want| <= atol[output] + rtol * |want|. want is float64. atol is 10 times the largest error of the "
                "same computation in float32 with NumPy, rounded up to one digit, at least 4 float32 ulps of the root mean "
                "square entry, and at least 1e-6 where terms of size 1 cancel.")
        layout = ("Every array is flat, row-major. Weights are [in][out]: y[o] = b[o] + sum_i x[i] * w[i * out + o]. "
                  "Layers: l1, l2 (tanh), head (linear). Written by tests/golden/make_vectors.py.")
        return {"doc": {"what": self.what, "layout": layout,
                        "tolerance": {"rule": rule, "rtol": RTOL, "atol": self.tolerances(sampled)}}, **parts}
