import { type GradientTransform, type LodoState, lodo, type Optimizer, sgd } from "@lodo/optim";
import { densePreconditioner } from "@lodo/preconditioner";
import type { Matrix } from "@lodo/tensor";

/** LODO in the setting of Section 4.1, from n and α. */
export type DenseLodo = (n: number, alpha: number) => Optimizer<LodoState<Matrix, null>>;

/** A dense G, and gradients fed in as they are unless β says otherwise. */
export const denseLodoWith = <M>(n: number, meta: GradientTransform<Matrix, M>, beta = 0): Optimizer<LodoState<Matrix, M>> =>
  lodo(densePreconditioner({ dim: n }), { meta, beta });

export const denseLodo: DenseLodo = (n, alpha) => denseLodoWith(n, sgd({ learningRate: alpha }));

/** A meta-optimizer without memory. */
export const metaStep = (step: (g: Matrix) => Matrix): GradientTransform<Matrix, null> => ({
  name: "meta-step",
  init: () => null,
  update: (g) => [step(g), null],
});
