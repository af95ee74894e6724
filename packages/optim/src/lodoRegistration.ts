import { architectures, choice, complete, type Hyperparameters, type RegisteredArchitecture, rate } from "@lodo/preconditioner";
import { ArgumentError, type Params } from "@lodo/tensor";
import { adam } from "./adam.ts";
import { betaHyperparameter, lodo } from "./lodo.ts";
import type { GradientTransform } from "./optimizer.ts";
import type { LodoParts, Problem, RegisteredOptimizer } from "./registry.ts";
import { sgd } from "./sgd.ts";

const own: Hyperparameters = {
  metaLearningRate: rate(0.001, "α, meta-learning rate"),
  beta: betaHyperparameter,
  preconditioner: choice(
    "block-permutation",
    architectures.map(({ id }) => id),
    "architecture of G",
  ),
  meta: choice("adam", ["adam", "sgd"], "meta-optimizer"),
};

const architectureOf = (id: unknown): RegisteredArchitecture => {
  const found = architectures.find((architecture) => architecture.id === (id ?? own["preconditioner"]?.default));
  if (!found) throw new ArgumentError("lodo", `preconditioner must be one of ${architectures.map((a) => a.id).join(", ")}, got "${id}"`);
  return found;
};

/** LODO's own hyperparameters and those of the architecture chosen. @throws ArgumentError if there is no such architecture. */
const hyperparametersWith = (values: Readonly<Record<string, unknown>>): Hyperparameters => ({
  ...own,
  ...architectureOf(values["preconditioner"]).hyperparameters,
});

function lodoParts({ dim, dtype, rng, layout }: Problem, values: Readonly<Record<string, unknown>>): LodoParts {
  const architecture = architectureOf(values["preconditioner"]);
  const all = complete("lodo", hyperparametersWith(values), values);
  const learningRate = all["metaLearningRate"] as number;
  const preconditioner = architecture.create(
    { dim, rng: rng.split("preconditioner"), ...(dtype ? { dtype } : {}), ...(layout ? { layout } : {}) },
    Object.fromEntries(Object.keys(architecture.hyperparameters).map((key) => [key, all[key]])),
  );
  const meta = all["meta"] === "sgd" ? sgd({ learningRate }) : adam({ learningRate });
  return { preconditioner, meta: meta as GradientTransform<Params>, beta: all["beta"] as number };
}

/** LODO with an architecture chosen by name; the architecture's hyperparameters stand beside LODO's own. */
export const lodoOptimizer: RegisteredOptimizer & Required<Pick<RegisteredOptimizer, "lodoParts">> = {
  id: "lodo",
  summary: "learned quasi-Newton steps (Algorithm 1)",
  reference: "Algorithm 1",
  hyperparameters: hyperparametersWith({}),
  tunable: ["metaLearningRate", "beta", "alpha0"],
  hyperparametersWith,
  lodoParts,
  create(problem, values) {
    const { preconditioner, meta, beta } = lodoParts(problem, values);
    return lodo(preconditioner, { meta, beta });
  },
};
