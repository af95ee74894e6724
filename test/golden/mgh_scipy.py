"""Golden values for test/more-garbow-hillstrom-results.test.ts:
`/usr/bin/python3 test/golden/mgh_scipy.py > test/golden/mgh_scipy.json && npx biome format --write test/golden/mgh_scipy.json`.

How many evaluations scipy 1.10.1's L-BFGS-B (10 pairs, the line search of More & Thuente) takes from the standard starts until f is within 1e-8 of the
minimum that mgh.json has, null where 1000 are not enough or it ends before. The problems are those of mgh.py, in floats.
"""

import json

import mgh
import numpy
import scipy.optimize


def evaluations(problem, start, least):
    values = []

    def f(x):
        r, J = (numpy.array(part, dtype=float) for part in problem([mgh.F(float(v)) for v in x]))
        values.append(r @ r)
        return r @ r, 2 * r @ J

    scipy.optimize.minimize(f, start, jac=True, method="L-BFGS-B", options={"maxcor": 10, "ftol": 1e-14, "gtol": 1e-8, "maxfun": 1000, "maxiter": 1000})
    return next((i for i, value in enumerate(values[:1000], 1) if value - least <= 1e-8), None)


with open("test/golden/mgh.json") as file:
    golden = json.load(file)
mgh.mp.mp.dps = 17
print(json.dumps([
    {"task": case["task"], "options": case["options"], "evaluations": evaluations(problem, case["points"][0]["x"], (case["minimum"] or {"value": 0})["value"])}
    for case, (_, _, problem, _, _) in zip(golden, mgh.cases())
]))
