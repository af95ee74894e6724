import { onBowl, STEPS } from "../contenders/bowl.ts";
import { assemble, type Entry, type Maker } from "../workload.ts";

/** A step in float32 has some 2·16·5 + 2·100 roundings by ε = 2⁻²⁴ along a path, and there are ten of them. */
const TOLERANCE = 2 * 10 * 360 * 2 ** -24;

/** Steps a second on the noisy quadratic bowl of Section 5.1. */
export const lodoOnBowl: Entry = {
  family: "LODO on the bowl",
  name: "LODO on the bowl, n = 100",
  async open(size) {
    const settings = [
      ["simd", "float32"],
      ["simd", "float64"],
      ["reference", "float32"],
      ["reference", "float64"],
    ] as const;
    const dim = size === "quick" ? 5 : 100;
    const makers = settings.map(([backend, dtype]): Maker => [`${backend} ${dtype}`, () => onBowl("lodo", backend, dtype, dim)]);
    return { name: "LODO on the bowl, n = 100", work: STEPS, unit: "steps/s", tolerance: TOLERANCE, contenders: await assemble(makers) };
  },
};

/** The other methods beside it; they compute different things, and nothing is compared. */
export const methodsOnBowl: Entry = {
  family: "methods on the bowl",
  name: "methods on the bowl, n = 100",
  async open(size) {
    const dim = size === "quick" ? 5 : 100;
    const makers = ["lodo", "adam", "momentum", "rmsprop", "yogi", "newton"].map((id): Maker => {
      return [
        id,
        async () => {
          const { result: _, ...contender } = await onBowl(id, "simd", "float64", dim);
          return contender;
        },
      ];
    });
    return { name: "methods on the bowl, n = 100", work: STEPS, unit: "steps/s", tolerance: 0, contenders: await assemble(makers) };
  },
};
