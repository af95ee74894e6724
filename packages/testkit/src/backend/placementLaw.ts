import { type Backend, cast, createArena, type Tensor, tensor, tensorsIn, withBackend } from "@lodo/tensor";
import { expectSameBits } from "../counterexample.ts";
import { numbers } from "../derivatives.ts";
import type { Law } from "../law.ts";
import { representable } from "../laws/float32.ts";
import { layouts, outcome, poison } from "../laws/layout.ts";
import type { Sample } from "../sample.ts";

const copied = (x: Tensor): Tensor => tensor(numbers(x), x.shape, { dtype: x.dtype });

/**
 * Wherever the inputs lie, and however: in ordinary memory, or in an arena, which takes its own from the backend's heap where there is one; dense,
 * or seen through strides. Arenas hand out memory full of NaN.
 */
export function placementLaw(backend: Backend): Law<Sample> {
  const arena = createArena();
  return {
    name: "inputs in ordinary memory, in an arena and through strides give the same bits",
    check: (sample, rng) => {
      const drawn = sample.inputs(rng);
      let checks = 0;
      for (const dtype of ["float64", "float32"] as const) {
        if (dtype === "float32" && !drawn.map(numbers).every(representable)) break;
        const xs = drawn.map((x) => cast(x, dtype));
        const before = xs.map(numbers);
        const expected = withBackend(backend, () => outcome(sample, xs));
        const same = (where: string, place: (x: Tensor) => Tensor): void => {
          withBackend(backend, () => {
            poison(arena);
            const inside = arena.run(() => outcome(sample, xs.map(place)), tensorsIn);
            expectSameBits(`${dtype} value and gradient of ${sample.name}, ${where}`, inside, expected);
          });
          checks++;
        };
        same("an arena around ordinary inputs", (x) => x);
        same("inputs in an arena", copied);
        for (const [name, place] of Object.entries(layouts)) same(`inputs in an arena, ${name}`, place);
        for (const [name, place] of Object.entries(layouts)) {
          const outside = withBackend(backend, () => outcome(sample, xs.map(place)));
          expectSameBits(`${dtype} value and gradient of ${sample.name}, inputs ${name}`, outside, expected);
          checks++;
        }
        xs.forEach((x, k) => {
          expectSameBits(`input ${k} of ${sample.name} afterwards`, numbers(x), before[k] as Float64Array);
        });
      }
      return checks;
    },
  };
}
