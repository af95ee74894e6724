"""Writes least-squares.json beside it: where MINPACK's Levenberg-Marquardt ends on small problems. scipy 1.10.1, method="lm", Python 3.11.

    python3 test/golden/least-squares.py

Four functions of More, Garbow and Hillstrom (1981) from their standard starts, and an exponential fit.
"""

import json
import os

import numpy as np
import scipy
from scipy.optimize import least_squares

BARD = [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39]
KOWALIK_Y = [0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246]
KOWALIK_U = [4, 2, 1, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625]
DECAY_T = [0, 0.5, 1, 1.5, 2, 3, 4, 6]
DECAY_Y = [3.1, 2.05, 1.5, 1.17, 0.85, 0.62, 0.55, 0.49]


def rosenbrock(x):
    return [10 * (x[1] - x[0] ** 2), 1 - x[0]]


def freudenstein_roth(x):
    return [-13 + x[0] + ((5 - x[1]) * x[1] - 2) * x[1], -29 + x[0] + ((x[1] + 1) * x[1] - 14) * x[1]]


def bard(x):
    u = np.arange(1, 16)
    v, w = 16 - u, np.minimum(u, 16 - u)
    return np.array(BARD) - (x[0] + u / (v * x[1] + w * x[2]))


def kowalik_osborne(x):
    u = np.array(KOWALIK_U)
    return np.array(KOWALIK_Y) - x[0] * (u**2 + u * x[1]) / (u**2 + u * x[2] + x[3])


def decay(x):
    return x[0] * np.exp(-x[1] * np.array(DECAY_T)) + x[2] - np.array(DECAY_Y)


problems = {
    "rosenbrock": (rosenbrock, [-1.2, 1.0]),
    "freudensteinRoth": (freudenstein_roth, [0.5, -2.0]),
    "bard": (bard, [1.0, 1.0, 1.0]),
    "kowalikOsborne": (kowalik_osborne, [0.25, 0.39, 0.415, 0.39]),
    "decay": (decay, [1.0, 0.1, 0.0]),
}


def end(f, x0):
    result = least_squares(f, x0, method="lm", xtol=1e-15, ftol=1e-15, gtol=1e-15, x_scale="jac")
    return {"start": x0, "x": result.x.tolist(), "cost": result.cost}


here = os.path.dirname(os.path.abspath(__file__))
json.dump(
    {
        "package": f"scipy {scipy.__version__}, numpy {np.__version__}",
        "data": {"bard": BARD, "kowalikY": KOWALIK_Y, "kowalikU": KOWALIK_U, "decayT": DECAY_T, "decayY": DECAY_Y},
        "ends": {name: end(f, x0) for name, (f, x0) in problems.items()},
    },
    open(os.path.join(here, "least-squares.json"), "w"),
    indent=1,
)
