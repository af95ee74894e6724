"""Writes convolution.json beside it: PyTorch's convolutions, pools, batch normalisation and cross-entropy with their first derivatives, and the gradient of
half the squared gradient. torch 1.13.0a0 (Debian 1.13.1), float64, Python 3.11.

    python3 test/golden/convolution.py

Numbers are multiples of 1/16 below 2, so that convolutions are exact in any order. Everything is turned to NHWC here: images [n, h, w, c],
filters [kh, kw, ci / groups, co], depthwise filters [kh, kw, c, m].
"""

import json
import os
import random
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path = [p for p in sys.path if os.path.abspath(p or ".") != here]

import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402

torch.set_default_dtype(torch.float64)
draw = random.Random(1)


def dyadic(*shape):
    n = 1
    for extent in shape:
        n *= extent
    return torch.tensor([draw.randint(-31, 31) / 16 for _ in range(n)]).reshape(shape).requires_grad_(True)


def plain(t):
    return {"shape": list(t.shape), "data": t.detach().reshape(-1).tolist()}


def case(name, f, ins, options):
    """The value, the gradients of <ct, f>, and those of half the sum of their squares."""
    out = f(*ins)
    ct = dyadic(*out.shape).detach()
    grads = torch.autograd.grad((ct * out).sum(), ins, create_graph=True)
    energy = sum((g * g).sum() for g in grads) / 2
    second = torch.autograd.grad(energy, ins, allow_unused=True)
    return {
        "name": name,
        "options": options,
        "ins": [plain(t) for t in ins],
        "out": plain(out),
        "ct": plain(ct),
        "grads": [plain(g) for g in grads],
        "second": [plain(torch.zeros_like(t) if s is None else s) for t, s in zip(ins, second)],
    }


def nchw(x):
    return x.permute(0, 3, 1, 2)


def nhwc(x):
    return x.permute(0, 2, 3, 1)


def padded(x, padding, value=0.0):
    (top, bottom), (left, right) = padding
    return F.pad(nchw(x), (left, right, top, bottom), value=value)


def conv2d(name, x, filter, stride=(1, 1), padding=((0, 0), (0, 0)), groups=1):
    def f(x, w):
        return nhwc(F.conv2d(padded(x, padding), w.permute(3, 2, 0, 1), stride=stride, groups=groups))

    return case(name, f, [dyadic(*x), dyadic(*filter)], {"stride": stride, "padding": padding, "groups": groups})


def depthwise(name, x, filter, stride=(1, 1), padding=((0, 0), (0, 0))):
    kh, kw, c, m = filter

    def f(x, w):
        return nhwc(F.conv2d(padded(x, padding), w.permute(2, 3, 0, 1).reshape(c * m, 1, kh, kw), stride=stride, groups=c))

    return case(name, f, [dyadic(*x), dyadic(*filter)], {"stride": stride, "padding": padding})


def avg_pool(name, x, window, stride, padding=(0, 0)):
    def f(x):
        return nhwc(F.avg_pool2d(nchw(x), window, stride, padding, count_include_pad=False))

    return case(name, f, [dyadic(*x)], {"window": window, "stride": stride, "padding": [[p, p] for p in padding]})


def max_pool(name, x, window, stride, padding=(0, 0)):
    def f(x):
        return nhwc(F.max_pool2d(nchw(x), window, stride, padding))

    return case(name, f, [dyadic(*x)], {"window": window, "stride": stride, "padding": [[p, p] for p in padding]})


def batch_norm(name, x, eps):
    def f(x, gamma, beta):
        return nhwc(F.batch_norm(nchw(x), None, None, gamma, beta, training=True, eps=eps))

    return case(name, f, [dyadic(*x), dyadic(x[-1]), dyadic(x[-1])], {"eps": eps})


def cross_entropy(name, labels, classes):
    def f(logits):
        return F.cross_entropy(logits, torch.tensor(labels), reduction="none")

    return case(name, f, [dyadic(len(labels), classes)], {"labels": labels})


json.dump(
    {
        "package": f"torch {torch.__version__}",
        "conv2d": [
            conv2d("plain", (2, 5, 4, 3), (3, 2, 3, 4)),
            conv2d("stride and padding", (1, 6, 5, 2), (3, 3, 2, 3), (2, 1), ((1, 1), (2, 2))),
            conv2d("lopsided padding", (1, 4, 5, 2), (2, 3, 2, 2), (1, 2), ((0, 1), (2, 0))),
            conv2d("two groups", (2, 4, 4, 4), (3, 3, 2, 6), (2, 2), ((1, 1), (1, 1)), 2),
        ],
        "depthwiseConv2d": [
            depthwise("one filter each", (2, 5, 4, 3), (3, 3, 3, 1), (1, 1), ((1, 1), (1, 1))),
            depthwise("three filters each", (1, 5, 5, 2), (3, 2, 2, 3), (2, 2), ((1, 0), (0, 1))),
        ],
        "avgPool2d": [avg_pool("tiles", (2, 4, 6, 2), (2, 2), (2, 2)), avg_pool("padded", (1, 5, 5, 2), (2, 3), (2, 1), (1, 1))],
        "maxPool2d": [max_pool("tiles", (2, 4, 6, 2), (2, 2), (2, 2)), max_pool("padded", (1, 5, 5, 2), (3, 3), (2, 2), (1, 1))],
        "batchNorm": [batch_norm("images", (2, 3, 2, 3), 1e-5), batch_norm("large eps", (3, 2, 2, 2), 0.5)],
        "softmaxCrossEntropy": [cross_entropy("rows", [2, 0, 3, 3, 1], 4)],
    },
    open(os.path.join(here, "convolution.json"), "w"),
)
