import { complete, type Hyperparameters } from "@lodo/preconditioner";
import { lodoOptimizer } from "./lodoRegistration.ts";
import type { RegisteredOptimizer } from "./registry.ts";

type Presented = Pick<RegisteredOptimizer, "id" | "summary" | "reference">;

/** LODO with some hyperparameters fixed; the others, and the architecture's, stay free. */
function preset(presented: Presented, fixed: Readonly<Record<string, number | string>>): RegisteredOptimizer {
  const isFree = (key: string): boolean => !Object.hasOwn(fixed, key);
  const all = lodoOptimizer.hyperparametersWith?.(fixed) ?? lodoOptimizer.hyperparameters;
  const hyperparameters: Hyperparameters = Object.fromEntries(Object.entries(all).filter(([key]) => isFree(key)));
  const whole = (values: Readonly<Record<string, unknown>>) => ({ ...complete(presented.id, hyperparameters, values), ...fixed });
  return {
    ...presented,
    hyperparameters,
    tunable: lodoOptimizer.tunable.filter(isFree),
    lodoParts: (problem, values) => lodoOptimizer.lodoParts(problem, whole(values)),
    create: (problem, values) => ({ ...lodoOptimizer.create(problem, whole(values)), name: presented.id }),
  };
}

const blockPermutation = { preconditioner: "block-permutation" };

/**
 * LODO's variants of Section 5.3 and Table 3, each with one thing changed. Two notes on the authors' published set-up, whose figures stand in that
 * table: it builds "Global" from the class of the diagonal architecture, where here it is the scalar one of the text; and it runs "No-Momentum" as LODO
 * with β = 0 at the values tuned for LODO, which takes those values to be given here.
 */
export const lodoVariants: readonly RegisteredOptimizer[] = [
  preset(
    { id: "lodo-diagonal", summary: "LODO with a learning rate for each coordinate, G = α₀ diag(θ)", reference: "Section 5.3.2, Table 3" },
    { preconditioner: "diagonal", meta: "adam" },
  ),
  preset(
    { id: "lodo-global", summary: "LODO with one learning rate, G = α₀ θ I", reference: "Section 5.3.2, Table 3" },
    { preconditioner: "scalar", meta: "adam" },
  ),
  preset(
    { id: "lodo-residuals", summary: "LODO with residual connections in place of blocks", reference: "Section 5.3.1, Table 3" },
    { preconditioner: "residuals", meta: "adam" },
  ),
  preset(
    { id: "lodo-sgd", summary: "LODO with gradient descent as meta-optimizer", reference: "Section 5.3, Table 3" },
    { ...blockPermutation, meta: "sgd" },
  ),
  preset(
    { id: "lodo-no-momentum", summary: "LODO without momentum, β = 0", reference: "Section 5.3.3, Table 3" },
    { ...blockPermutation, meta: "adam", beta: 0 },
  ),
];
