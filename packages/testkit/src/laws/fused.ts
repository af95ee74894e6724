import { epsilon, fusedDefinitions, type Primitive, primitives, Tensor, tensor, vjp } from "@lodo/tensor";
import { expectClose, expectShape } from "../counterexample.ts";
import { jacobianRows, magnitudes, numbers, weights } from "../derivatives.ts";
import type { Law } from "../law.ts";
import { type Call, callsDuring } from "../recording.ts";
import type { Sample } from "../sample.ts";

/** A contiguous copy, safe to keep. */
const copied = (storage: Call["out"]): Tensor => {
  const t = new Tensor(storage);
  return tensor(numbers(t), t.shape, { dtype: t.dtype });
};

/** Wherever the sample applies a fused primitive: kernels and definition agree in value and first derivative. */
export const fusedLaw: Law<Sample> = {
  name: "a fused primitive agrees with its definition",
  check: (sample, rng) => {
    const xs = sample.inputs(rng);
    let checks = 0;
    for (const { name, attrs, ins, out } of callsDuring(() => sample.f(...xs))) {
      const definition = fusedDefinitions.get(name) as ((attrs: unknown, ...ins: readonly Tensor[]) => Tensor) | undefined;
      if (!definition) continue;
      const inputs = ins.map(copied);
      const defined = (...zs: readonly Tensor[]): Tensor => definition(attrs, ...zs);
      const y = defined(...inputs);
      expectShape(`${name} in ${sample.name}`, new Tensor(out).shape, y.shape);
      const J = jacobianRows({ f: defined }, inputs);
      const M = Math.max(0, ...magnitudes(sample, numbers(y), J, inputs));
      const bound = (2 * sample.roundings + 4) * epsilon[y.dtype];
      const expected = numbers(y);
      numbers(new Tensor(out)).forEach((value, i) => {
        expectClose(`${name} [${i}] in ${sample.name}`, value, expected[i] ?? Number.NaN, bound * M);
      });
      const p = primitives.get(name) as unknown as Primitive<unknown, unknown>;
      const { saved } = p.forward(attrs, ...ins);
      const ct = weights(y);
      const thunks = p.vjp(ct, { attrs, ins: inputs, out: y, saved });
      const cts = vjp((zs: readonly Tensor[]) => defined(...zs), inputs)[1](ct);
      cts.forEach((reference, k) => {
        const got = numbers((thunks[k] as () => Tensor)());
        const column = J.reduce((s, row) => s + row.reduce((a, d) => a + Math.abs(d), 0), 0);
        numbers(reference).forEach((value, i) => {
          expectClose(`cotangent ${k}[${i}] of ${name} in ${sample.name}`, got[i] ?? Number.NaN, value, 2 * bound * column);
        });
        checks += got.length;
      });
    }
    return checks;
  },
};
