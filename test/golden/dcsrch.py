"""Writes dcsrch.json: the trial steps of MINPACK-2's line search (dcsrch by Moré & Thuente, in scipy 1.10.1: scipy.optimize._minpack2.dcsrch) on
functions of one variable, among them the six of Moré & Thuente (1994), Section 5, with the tolerances of their Tables I to VI.

    python3 test/golden/dcsrch.py > test/golden/dcsrch.json
"""

import json
from math import cos, exp, pi, sin, sqrt

import numpy as np
from scipy.optimize import _minpack2


def function_1(beta=2.0):
    return lambda a: (-a / (a * a + beta), (a * a - beta) / (a * a + beta) ** 2)


def function_2(beta=0.004):
    return lambda a: ((a + beta) ** 5 - 2 * (a + beta) ** 4, 5 * (a + beta) ** 4 - 8 * (a + beta) ** 3)


def function_3(beta=0.01, l=39):
    def f(a):
        if a <= 1 - beta:
            base, slope = 1 - a, -1.0
        elif a >= 1 + beta:
            base, slope = a - 1, 1.0
        else:
            base, slope = (a - 1) ** 2 / (2 * beta) + beta / 2, (a - 1) / beta
        return base + 2 * (1 - beta) / (l * pi) * sin(l * pi / 2 * a), slope + (1 - beta) * cos(l * pi / 2 * a)

    return f


def yanai(beta1, beta2):
    gamma = lambda b: sqrt(1 + b * b) - b

    def f(a):
        r1, r2 = sqrt((1 - a) ** 2 + beta2**2), sqrt(a * a + beta1**2)
        return gamma(beta1) * r1 + gamma(beta2) * r2, gamma(beta1) * (a - 1) / r1 + gamma(beta2) * a / r2

    return f


TABLES = [
    ("function 1", function_1(), 1e-3, 0.1),
    ("function 2", function_2(), 0.1, 0.1),
    ("function 3", function_3(), 0.1, 0.1),
    ("function 4", yanai(0.001, 0.001), 0.001, 0.001),
    ("function 5", yanai(0.01, 0.001), 0.001, 0.001),
    ("function 6", yanai(0.001, 0.01), 0.001, 0.001),
]

OTHERS = [
    ("parabola, exact", lambda a: ((a - 3) ** 2, 2 * (a - 3)), 1e-4, 0.0, 1e-16, [0.1, 1, 10]),
    ("quartic", lambda a: ((a - 2) ** 4, 4 * (a - 2) ** 3), 1e-4, 0.01, 1e-16, [0.01, 1, 50]),
    ("falls for ever", lambda a: (-a, -1.0), 1e-4, 0.1, 1e-16, [1.0]),
    ("falls ever faster", lambda a: (-a * a - a, -2 * a - 1), 1e-4, 0.1, 1e-16, [0.5]),
    ("kink", lambda a: (abs(a - 1), -1.0 if a < 1 else 1.0), 1e-4, 0.1, 1e-3, [0.3, 5]),
    ("slope of the wrong sign", lambda a: (a, -1.0), 1e-4, 0.1, 1e-10, [1.0]),
    ("waves", lambda a: (0.3 * a - sin(3 * a), 0.3 - 3 * cos(3 * a)), 0.05, 0.01, 1e-8, [0.05, 0.7, 4.0]),
    ("exponential wall", lambda a: (exp(5 * (a - 2)) - a, 5 * exp(5 * (a - 2)) - 1), 1e-3, 0.001, 1e-8, [0.01, 3, 20]),
    ("wide bracket", lambda a: (-a / (a * a + 2), (a * a - 2) / (a * a + 2) ** 2), 1e-3, 0.1, 0.5, [1e-3, 100]),
]


def trace(f, step, ftol, gtol, xtol, least, greatest):
    isave, dsave = np.zeros(2, np.intc), np.zeros(13)
    value, slope = f(0.0)
    start = {"value": value, "slope": slope}
    step, value, slope, task = _minpack2.dcsrch(step, value, slope, ftol, gtol, xtol, b"START", least, greatest, isave, dsave)
    trials = []
    while task[:2] == b"FG" and len(trials) < 40:
        value, slope = f(step)
        trials.append([step, value, slope])
        step, value, slope, task = _minpack2.dcsrch(step, value, slope, ftol, gtol, xtol, task, least, greatest, isave, dsave)
    return {"start": start, "trials": trials, "end": task.decode().strip()}


cases = [
    (name, f, step, ftol, gtol, 1e-10, 0.0, 4 * max(1, step)) for name, f, ftol, gtol in TABLES for step in (1e-3, 1e-1, 1e1, 1e3)
] + [(name, f, step, ftol, gtol, xtol, 0.0, 1e3) for name, f, ftol, gtol, xtol, steps in OTHERS for step in steps]
cases.append(("least step", OTHERS[0][1], 4.0, 1e-4, 0.1, 1e-10, 4.0, 100.0))

print(
    json.dumps(
        [
            {
                "name": name,
                "options": {"ftol": ftol, "gtol": gtol, "xtol": xtol, "least": least, "greatest": greatest},
                "first": step,
                **trace(f, float(step), ftol, gtol, xtol, least, greatest),
            }
            for name, f, step, ftol, gtol, xtol, least, greatest in cases
        ],
        indent=0,
    )
)
