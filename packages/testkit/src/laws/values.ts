import { epsilon } from "@lodo/tensor";
import { expectClose, expectShape } from "../counterexample.ts";
import { jacobianRows, magnitudes, numbers } from "../derivatives.ts";
import type { Law } from "../law.ts";
import { toPlain } from "../reference/plain.ts";
import type { Sample } from "../sample.ts";

/** Within `roundings` ε of the magnitude; an operation that is one correctly rounded operation must give the very number. */
export const valueLaw: Law<Sample> = {
  name: "values agree with the plain reference",
  check: (sample, rng) => {
    const xs = sample.inputs(rng);
    const y = sample.f(...xs);
    const expected = sample.reference(...xs.map(toPlain));
    expectShape(sample.name, y.shape, expected.shape);
    const values = numbers(y);
    const M = sample.roundings === 0 ? values : magnitudes(sample, values, jacobianRows(sample, xs), xs);
    values.forEach((value, i) => {
      expectClose(`${sample.name} [${i}]`, value, expected.data[i] ?? Number.NaN, sample.roundings * epsilon.float64 * (M[i] ?? 0));
    });
    return values.length;
  },
};
