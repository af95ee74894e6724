"""Writes lbfgs.json: where published L-BFGS methods evaluate two losses, and how far a start disturbed by 1e-9 leads them elsewhere.

torch: torch.optim.LBFGS of PyTorch 1.13 without line search. Its first step is min(1, 1/‖g‖₁) times the rate; then H₀ is scaled by the newest pair.
scipy: L-BFGS-B of scipy 1.10.1 without bounds. Its line search is dcsrch with ftol 1e-3, gtol 0.9, xtol 0.1; the first step has length 1.

    python3 test/golden/lbfgs.py > test/golden/lbfgs.json
"""

import json
import sys

sys.path.pop(0)  # a torch.py that lies beside this file is not PyTorch

import numpy as np
import torch
from scipy.optimize import minimize

DISTURBANCE = 1e-9
rng = np.random.default_rng(7)


def quartic_bowl(n):
    """½ xᵀHx + ¼ Σ x⁴"""
    u, _ = np.linalg.qr(rng.standard_normal((n, n)))
    h = u @ np.diag(np.geomspace(0.1, 5, n)) @ u.T
    return (h + h.T) / 2


def rosenbrock(x):
    """Σ 100 (x_{i+1} − x_i²)² + (1 − x_i)²"""
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def loss_of(case):
    if case["H"] is None:
        return rosenbrock
    h = torch.tensor(case["H"], dtype=torch.float64)
    return lambda x: 0.5 * x @ (h @ x) + 0.25 * (x**4).sum()


def value_and_grad(loss, x):
    t = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    value = loss(t)
    value.backward()
    return value.item(), t.grad.numpy().copy()


def run_torch(case, start):
    loss, visited = loss_of(case), []
    x = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [x], lr=case["rate"], history_size=case["history"], max_iter=case["steps"], max_eval=10**6, tolerance_grad=0, tolerance_change=0
    )

    def closure():
        optimizer.zero_grad()
        visited.append(x.detach().numpy().copy())
        value = loss(x)
        value.backward()
        return value

    optimizer.step(closure)
    return visited[: case["steps"]]


def run_scipy(case, start):
    loss, visited = loss_of(case), []

    def f(x):
        visited.append(x.copy())
        return value_and_grad(loss, x)

    options = {"maxcor": case["history"], "ftol": 0, "gtol": 0, "maxiter": case["steps"]}
    minimize(f, start, jac=True, method="L-BFGS-B", options=options)
    return visited


def golden(case):
    run = run_torch if case["by"] == "torch" else run_scipy
    start = np.array(case["start"])
    path = run(case, start)
    spread = np.zeros(len(path))
    for _ in range(4):
        other = run(case, start + DISTURBANCE * rng.standard_normal(len(start)))
        for k in range(len(path)):
            spread[k] = max(spread[k], np.linalg.norm(path[k] - other[k]) if k < len(other) else 1e300)
    magnified = np.maximum.accumulate(spread) / DISTURBANCE
    return {**case, "path": [list(x) for x in path], "magnified": [float(f"{m:.3g}") for m in magnified]}


H = quartic_bowl(5).tolist()
bowl = {"loss": "quartic bowl", "H": H, "start": [2.0, -1.0, 1.5, 0.5, -2.0]}
valley = {"loss": "rosenbrock", "H": None, "start": [-1.2, 1.0, -1.2, 1.0]}
print(
    json.dumps(
        [
            golden(case)
            for case in [
                {"by": "torch", **bowl, "history": 3, "rate": 0.5, "steps": 20},
                {"by": "torch", **bowl, "history": 10, "rate": 1.0, "steps": 14},
                {"by": "torch", **valley, "history": 5, "rate": 0.3, "steps": 20},
                {"by": "scipy", **bowl, "history": 3, "rate": 1, "steps": 12},
                {"by": "scipy", **bowl, "history": 10, "rate": 1, "steps": 12},
                {"by": "scipy", **valley, "history": 1, "rate": 1, "steps": 20},
                {"by": "scipy", **valley, "history": 5, "rate": 1, "steps": 30},
            ]
        ]
    )
)
