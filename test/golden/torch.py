"""Writes torch.json beside it: trajectories of PyTorch's own optimizers, clipping and learning-rate schedulers. torch 1.13.0a0 (Debian 1.13.1), float64, Python 3.11.

    python3 test/golden/torch.py

The loss is f(x) = 1/2 x'Hx - b'x + 1/4 sum(x^4), n = 4.
"""

import json
import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path = [p for p in sys.path if os.path.abspath(p or ".") != here]

import torch  # noqa: E402

torch.set_default_dtype(torch.float64)
STEPS = 40

H = torch.tensor([[2.0, 0.5, 0.0, 0.1], [0.5, 1.0, 0.2, 0.0], [0.0, 0.2, 0.5, 0.1], [0.1, 0.0, 0.1, 0.25]])
b = torch.tensor([1.0, -0.5, 0.25, 2.0])
x0 = torch.tensor([1.5, -2.0, 0.75, 3.0])


def f(x):
    return 0.5 * x @ H @ x - b @ x + 0.25 * (x**4).sum()


def trajectory(make, schedule=None, clip=None):
    x = x0.clone().requires_grad_(True)
    optimizer = make([x])
    scheduler = schedule(optimizer) if schedule else None
    path = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        f(x).backward()
        if clip is not None:
            torch.nn.utils.clip_grad_value_([x], clip)
        optimizer.step()
        if scheduler:
            scheduler.step()
        path.append(x.detach().tolist())
    return path


def rates(schedule, steps):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = schedule(optimizer)
    factors = []
    for _ in range(steps):
        factors.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return factors


def clipped(numbers, max_norm):
    """Gradients of two tensors before and after clip_grad_norm_."""
    params = [torch.zeros(len(n), requires_grad=True) for n in numbers]
    for p, n in zip(params, numbers):
        p.grad = torch.tensor(n)
    norm = torch.nn.utils.clip_grad_norm_(params, max_norm)
    return {"max": max_norm, "before": numbers, "after": [p.grad.tolist() for p in params], "norm": norm.item()}


optim, lr = torch.optim, torch.optim.lr_scheduler


def warm_then_cosine(o):
    warm = lr.LinearLR(o, start_factor=0.1, total_iters=5)
    return lr.SequentialLR(o, [warm, lr.CosineAnnealingLR(o, T_max=15)], milestones=[5])


json.dump(
    {
        "package": f"torch {torch.__version__}",
        "H": H.tolist(),
        "b": b.tolist(),
        "x0": x0.tolist(),
        "trajectories": {
            "momentum": trajectory(lambda p: optim.SGD(p, lr=0.02, momentum=0.8)),
            "momentumWithL2": trajectory(lambda p: optim.SGD(p, lr=0.02, momentum=0.8, weight_decay=0.3)),
            "momentumWithClippedValues": trajectory(lambda p: optim.SGD(p, lr=0.02, momentum=0.8), clip=0.7),
            "momentumWithCosine": trajectory(
                lambda p: optim.SGD(p, lr=0.02, momentum=0.8), lambda o: lr.CosineAnnealingLR(o, T_max=STEPS)
            ),
            "rmsprop": trajectory(lambda p: optim.RMSprop(p, lr=0.01, alpha=0.9, eps=0, momentum=0.5)),
            "adam": trajectory(lambda p: optim.Adam(p, lr=0.05, betas=(0.8, 0.95), eps=0)),
            "adamWithEps": trajectory(lambda p: optim.Adam(p, lr=0.05, betas=(0.8, 0.95), eps=0.1)),
            "adamW": trajectory(lambda p: optim.AdamW(p, lr=0.05, betas=(0.8, 0.95), eps=0, weight_decay=0.4)),
            "adamWWithStep": trajectory(
                lambda p: optim.AdamW(p, lr=0.05, betas=(0.8, 0.95), eps=0, weight_decay=0.4),
                lambda o: lr.StepLR(o, step_size=10, gamma=0.5),
            ),
        },
        "clipByNorm": [clipped([[3.0, -4.0], [12.0]], 1.0), clipped([[0.3, -0.4], [0.2]], 1.0), clipped([[1e-3, 2.0], [5.0]], 2.5)],
        "schedules": {
            "stepDecay": rates(lambda o: lr.StepLR(o, step_size=7, gamma=0.3), 30),
            "cosine": rates(lambda o: lr.CosineAnnealingLR(o, T_max=20), 21),
            "cosineToATenth": rates(lambda o: lr.CosineAnnealingLR(o, T_max=20, eta_min=0.1), 21),
            "warmUp": rates(lambda o: lr.LinearLR(o, start_factor=0.25, total_iters=8), 20),
            "polynomial": rates(lambda o: lr.PolynomialLR(o, total_iters=12, power=2.5), 20),
            "line": rates(lambda o: lr.PolynomialLR(o, total_iters=12, power=1.0), 20),
            "warmUpThenCosine": rates(warm_then_cosine, 20),
        },
    },
    open(os.path.join(here, "torch.json"), "w"),
    indent=1,
)
