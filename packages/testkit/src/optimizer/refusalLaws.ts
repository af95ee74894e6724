import { checkRequirements } from "@lodo/optim";
import type { Domain } from "@lodo/preconditioner";
import { ArgumentError, cast, TensorError, type Vector } from "@lodo/tensor";
import { Counterexample } from "../counterexample.ts";
import type { Law } from "../law.ts";
import { expectThrows } from "../property/expectThrows.ts";
import { hyperparametersGiven, outside } from "../property/hyperparameterValues.ts";
import { sizeOf } from "../property/plainTree.ts";
import { choicesOf, type OptimizerSample, offering } from "./optimizerSample.ts";

/** What a message about a value outside a domain must say of the domain. */
const domainWords = (domain: Domain): readonly string[] => {
  switch (domain.kind) {
    case "rate":
      return ["above 0"];
    case "decay":
      return ["[0, 1)"];
    case "count":
      return ["integer", String(domain.min)];
    case "choice":
      return domain.choices;
  }
};

const written = (value: unknown): string => (typeof value === "string" ? `"${value}"` : String(value));

export const badHyperparameterLaw: Law<OptimizerSample> = {
  name: "refuses hyperparameters outside their domains, naming optimizer, option, domain and value",
  check: (sample) => {
    const { registered } = sample;
    const chosen = choicesOf(sample);
    const create = (values: Readonly<Record<string, unknown>>) => () => sample.make({ values: values as typeof chosen });
    let checks = 0;
    for (const [key, { domain }] of Object.entries(hyperparametersGiven(registered, chosen))) {
      for (const value of outside(domain)) {
        const words = [registered.id, key, ...domainWords(domain), written(value)];
        expectThrows(`${registered.id} with ${key} = ${written(value)}`, create({ ...chosen, [key]: value }), ArgumentError, words);
        checks++;
      }
    }
    for (const key of ["no such option", "toString"]) {
      expectThrows(`${registered.id} with an unknown option`, create({ ...chosen, [key]: 1 }), ArgumentError, [registered.id, key]);
      checks++;
    }
    return checks;
  },
};

/** What `requires` names is refused when it is missing, and is all that is used: `update` is given nothing else. */
export const requirementLaw: Law<OptimizerSample> = {
  name: "refuses a loss without what it requires, and uses nothing that it does not require",
  check: (sample) => {
    const optimizer = sample.make();
    const { objective, x0 } = sample.problem();
    const offered = offering(objective, optimizer);
    checkRequirements(optimizer, offered, "a quadratic");
    for (const need of optimizer.requires) {
      const { [need]: _, ...lacking } = offered;
      expectThrows(`${sample.name} without ${need}`, () => checkRequirements(optimizer, lacking, "a quadratic"), ArgumentError, [
        optimizer.name,
        need,
        "a quadratic",
      ]);
    }
    const used = new Set<PropertyKey>();
    const watched = new Proxy(offered, {
      get(target, key, receiver) {
        used.add(key);
        return Reflect.get(target, key, receiver) as unknown;
      },
    });
    optimizer.update(watched, x0, optimizer.init(x0, sample.startRng()));
    const beyond = [...used].filter((key) => (key === "hessian" || key === "residuals") && !optimizer.requires.has(key));
    if (beyond.length > 0) throw new Counterexample(`${sample.name}: expected it to require ${beyond.join(", ")}, which it uses`);
    return 1 + optimizer.requires.size;
  },
};

/** A state that holds no tensors fits every x. */
export const foreignStateLaw: Law<OptimizerSample> = {
  name: "refuses an x that is not of its state's length and dtype, naming both",
  check: (sample) => {
    const n = sample.dim;
    if (n < 2) return 0;
    const optimizer = sample.make();
    const { x0, objective } = sample.problem();
    const state = optimizer.init(x0, sample.startRng());
    if (sizeOf(state) === 0) return 0;
    for (const other of [n + 1, 1]) {
      const problem = sample.problem({ dim: other });
      const update = (): unknown => optimizer.update(offering(problem.objective, optimizer), problem.x0, state);
      expectThrows(`${sample.name} at an x of length ${other}`, update, TensorError, [n, other]);
    }
    const single = sample.problem({ dtype: "float32" });
    const update = (x: Vector, loss: typeof objective) => () => optimizer.update(offering(loss, optimizer), x, state);
    expectThrows(`${sample.name} at a float32 x`, update(single.x0, single.objective), TensorError, ["float32", "float64"]);
    expectThrows(`${sample.name} at a float32 x on a float64 loss`, update(cast(x0, "float32"), objective), TensorError, [
      "float32",
      "float64",
    ]);
    return 4;
  },
};
