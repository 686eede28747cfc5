#!/usr/bin/env python3
"""Prints the coefficients of tanh in include/ppo/numerics.hpp. Needs numpy and scipy; takes about 15 seconds.

tanh(x) = x P(u) / Q(u) with u = x^2 <= LAST, P and Q of degree 4 and with the constant term 1, so that tiny x are
returned as they are. Three steps: the smallest largest error in real numbers; the coefficients rounded to float one by
one, those of the lowest power first, with the rest fitted again; and a search among the floats around them, since what
is left of the error is mostly rounding.
"""
import numpy as np
from scipy.optimize import linprog

DEGREE, LAST = 4, 62.5
POWERS = np.arange(1, DEGREE + 1)


def ulp(y):
    """The distance of neighbouring floats at y > 0."""
    return 2.0 ** (np.floor(np.log2(y)) - 23)


class Fit:
    """Corrects coefficients [2][DEGREE], P's and Q's, until the largest error on a grid is as small as it gets."""

    def __init__(self):
        self.u = LAST * (0.5 - 0.5 * np.cos(np.pi * (np.arange(1200) + 0.5) / 1200))
        x = np.sqrt(self.u)
        self.x, self.exact, self.unit = x, np.tanh(x), ulp(np.tanh(x))
        self.powers = self.u[:, None] ** POWERS

    def errors(self, coefs):
        q = 1 + self.powers @ coefs[1]
        return (self.x * (1 + self.powers @ coefs[0]) / q - self.exact) / self.unit, q

    def correct(self, coefs, free, rounds):
        for _ in range(rounds):
            error, q = self.errors(coefs)
            slopes = np.hstack([self.x[:, None] * self.powers, -self.exact[:, None] * self.powers])
            slopes = (slopes / (q * self.unit)[:, None])[:, free.ravel()]
            basis, change = np.linalg.qr(slopes / np.abs(slopes).max(0))
            basis, scale = basis * 30, max(1.0, np.abs(error).max())
            column = -np.ones((len(error), 1))
            found = linprog(np.append(np.zeros(basis.shape[1]), 1), bounds=(None, None),
                            A_ub=np.vstack([np.hstack([basis, column]), np.hstack([-basis, column])]),
                            b_ub=np.concatenate([-error, error]) / scale)
            step = np.zeros(2 * DEGREE)
            step[free.ravel()] = np.linalg.solve(change, found.x[:-1] * 30 * scale) / np.abs(slopes).max(0)
            new = coefs + step.reshape(2, DEGREE)
            if np.abs(self.errors(new)[0]).max() > np.abs(error).max():
                break
            coefs = new
        return coefs


def rounded(fit, coefs):
    free = np.ones((2, DEGREE), bool)
    for k in range(DEGREE):
        for part in (0, 1):
            coefs[part, k] = np.float32(coefs[part, k])
            free[part, k] = False
            if free.any():
                coefs = fit.correct(coefs, free, 4)
    return coefs.astype(np.float32)


class Sample:
    """Every `stride`-th float from 2^-12 on, and what the fixed sequence of float operations makes of it."""

    def __init__(self, stride):
        first, last = (np.float32(x).view(np.uint32) for x in (2.0 ** -12, np.sqrt(LAST)))
        self.x = np.arange(first, last, stride, dtype=np.uint32).view(np.float32)
        self.u = (self.x * self.x).astype(np.float64)
        self.exact = np.tanh(self.x.astype(np.float64))
        self.unit = ulp(self.exact)

    def polynomial(self, coefs):
        total = np.full(len(self.x), coefs[-1])
        for c in [*coefs[-2::-1], np.float32(1)]:
            total = (total * self.u + c).astype(np.float32)  # an fma: the product is exact in double
        return total

    def worst(self, coefs):
        y = self.x * self.polynomial(coefs[0]) / self.polynomial(coefs[1])
        return np.abs((y - self.exact) / self.unit).max()


def searched(coefs, steps):
    random = np.random.default_rng(0)
    sample = Sample(4999)
    best = sample.worst(coefs)
    for _ in range(steps):
        near = coefs.copy()
        for _ in range(random.integers(1, 4)):
            entry = near[random.integers(2)][random.integers(DEGREE):][:1]
            entry.view(np.int32)[:] += random.integers(-3, 4)
        error = sample.worst(near)
        if error < best:
            coefs, best = near, error
    return coefs


def main():
    fit = Fit()
    pade = np.array([[1 / 9, 0, 0, 0], [4 / 9, 1 / 63, 0, 0]])  # of tanh at 0: where the corrections begin
    coefs = fit.correct(pade, np.ones((2, DEGREE), bool), 60)
    print(f"largest error in real numbers {np.abs(fit.errors(coefs)[0]).max():.3f} ulp")
    coefs = searched(rounded(fit, coefs), 4000)
    print(f"in floats {Sample(127).worst(coefs):.3f} ulp, on every 127th of them")
    for name, values in zip("PQ", coefs):
        print(name, "1", *(float(value).hex() for value in values))


if __name__ == "__main__":
    main()
