import { add, type Matrix, matmul, type Tensor } from "@lodo/tensor";
import type { Layer } from "./layer.ts";
import { lecunNormal } from "./lecunNormal.ts";

/** [n, from] → [n, to]: x W + b. */
export function dense({
  from,
  to,
}: {
  readonly from: number;
  readonly to: number;
}): Layer<{ readonly weights: Tensor; readonly bias: Tensor }> {
  return {
    init: (rng, options) => lecunNormal(rng, { name: "weights", shape: [from, to], fanIn: from, outputs: to }, options),
    apply: ({ weights, bias }, x) => add(matmul(x as Matrix, weights as Matrix), bias),
  };
}
