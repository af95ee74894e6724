"""Writes lstm.json: four steps of torch.nn.LSTMCell (torch 1.13) in float64, and the gradients of a random linear function of all that it says and remembers.

    /usr/bin/python3 test/golden/lstm.py > test/golden/lstm.json
"""

import json

import torch

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)

n, d, m, steps = 3, 2, 5, 4
cell = torch.nn.LSTMCell(d, m)
with torch.no_grad():
    # Beyond the range of their start, so that gates close and open.
    for p in cell.parameters():
        p.mul_(3)
x = (2 * torch.randn(steps, n, d)).requires_grad_()
start = torch.randn(2, n, m).requires_grad_()
ct = torch.randn(steps, 2, n, m)

h, c = start[0], start[1]
said, total = [], 0.0
for t in range(steps):
    h, c = cell(x[t], (h, c))
    said.append(torch.stack([h, c]))
    total = total + (ct[t, 0] * h).sum() + (ct[t, 1] * c).sum()
total.backward()

lists = lambda t: t.detach().tolist()
print(
    json.dumps(
        {
            "version": torch.__version__,
            "weights": {name: lists(p) for name, p in cell.named_parameters()},
            "gradients": {name: lists(p.grad) for name, p in cell.named_parameters()},
            "x": lists(x),
            "start": lists(start),
            "cotangents": lists(ct),
            "said": lists(torch.stack(said)),
            "xGradient": lists(x.grad),
            "startGradient": lists(start.grad),
        }
    )
)
