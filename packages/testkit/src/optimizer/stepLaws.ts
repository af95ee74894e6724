import {
  array,
  item,
  mul,
  norm,
  type Scalar,
  scalar,
  scale,
  stopGradient,
  sub,
  sum,
  tensorsIn,
  type Vector,
  zerosLike,
} from "@lodo/tensor";
import { Counterexample, expectClose, expectShape } from "../counterexample.ts";
import type { Law } from "../law.ts";
import { choicesOf, continueRun, type FullObjective, type OptimizerSample, offering, RUN_STEPS, SPECTRUM } from "./optimizerSample.ts";

/**
 * At default hyperparameters, from a start that is at least ½ away from the minimum in every coordinate. Defaults are modest: the largest step
 * that they allow there shortens the distance.
 */
export const descentLaw: Law<OptimizerSample> = {
  name: "descends a convex quadratic at its default hyperparameters",
  check: (sample) => {
    const optimizer = sample.make({ values: choicesOf(sample) });
    const { objective, x0 } = sample.problem();
    const offered = offering(objective, optimizer);
    const { x } = continueRun(optimizer, offered, { x: x0, state: optimizer.init(x0, sample.startRng()) }, RUN_STEPS);
    const [before, after] = [item(objective.value(x0)), item(objective.value(x))];
    if (!(after < before))
      throw new Counterexample(`${sample.name}: expected a loss below ${before} after ${RUN_STEPS} steps, got ${after}`);
    return 1;
  },
};

/** How fast a method converges on quadratics, at some hyperparameters. */
export interface Rate {
  readonly values: Readonly<Record<string, number | string>>;
  /** ‖x_{t+1} − x*‖ ≤ factor · ‖x_t − x*‖ where the spectrum of H lies in [least, greatest]. */
  factor(spectrum: { readonly least: number; readonly greatest: number }): number;
}

/**
 * The rate that a method declares, at every step of a run. Rounding adds (n + 8) ε (‖x‖ + ‖x*‖) to each distance, times the norms of H and of the
 * method's own matrix, which are at most 1 and 4 here.
 */
export const rateLaw = ({ values, factor }: Rate): Law<OptimizerSample> => ({
  name: "converges at its declared rate",
  check: (sample) => {
    const optimizer = sample.make({ values });
    const { objective, x0, c } = sample.problem();
    const state = optimizer.init(x0, sample.startRng());
    const { updates } = continueRun(optimizer, offering(objective, optimizer), { x: x0, state }, 20);
    const distance = (x: Vector): number => item(norm(sub(x, c)));
    const rounding = 4 * (sample.dim + 8) * 2 ** -52 * (item(norm(x0)) + item(norm(c)));
    updates.reduce((before, { x }, t) => {
      const after = distance(x);
      const bound = factor(SPECTRUM) * before + rounding;
      if (!(after <= bound)) throw new Counterexample(`${sample.name}: expected ‖x − x*‖ ≤ ${bound} after step ${t + 1}, got ${after}`);
      return after;
    }, distance(x0));
    return updates.length;
  },
});

/**
 * A method that has seen nothing but zero gradients has no reason to move: its moments are zero. One with a memory of others may coast on. One that
 * decays weights, and says so by a hyperparameter `weightDecay`, is asked at x = 0, where there is nothing to decay.
 */
export const stationaryLaw: Law<OptimizerSample> = {
  name: "stays where it starts while the gradient is zero",
  check: (sample) => {
    const optimizer = sample.make();
    const { objective, x0: start } = sample.problem();
    const x0 = Object.hasOwn(sample.registered.hyperparameters, "weightDecay") ? zerosLike(start) : start;
    const flat: FullObjective = {
      value: (x) => scale(0, objective.value(x)),
      hessian: (x) => objective.hessian(x),
      residuals: (x) => scale(0, objective.residuals(x)),
    };
    const state = optimizer.init(x0, sample.startRng());
    const { updates } = continueRun(optimizer, offering(flat, optimizer), { x: x0, state }, 5);
    for (const { x } of updates) {
      Array.from(array(x)).forEach((xᵢ, i) => {
        expectClose(`x[${i}] of ${sample.name} on a flat loss`, xᵢ, array(x0)[i] ?? Number.NaN, 0);
      });
    }
    return updates.length;
  },
};

/** Every loss evaluated is reported once, in order: none twice, and none that was not computed. */
export const evaluationsLaw: Law<OptimizerSample> = {
  name: "reports every evaluation of the loss, in order",
  check: (sample) => {
    const optimizer = sample.make();
    const { objective, x0 } = sample.problem();
    const seen: number[] = [];
    const counted: FullObjective = {
      ...objective,
      value: (x) => {
        const loss = objective.value(x);
        seen.push(item(stopGradient(loss)));
        return loss;
      },
    };
    const { updates } = continueRun(optimizer, offering(counted, optimizer), { x: x0, state: optimizer.init(x0, sample.startRng()) }, 8);
    const reported = updates.flatMap(({ evaluations }) => evaluations.map(item));
    if (reported.length === 0) throw new Counterexample(`${sample.name}: expected at least one evaluation, got none`);
    if (reported.join() !== seen.join()) throw new Counterexample(`${sample.name}: expected evaluations ${seen}, got ${reported}`);
    return reported.length;
  },
};

export const float32Law: Law<OptimizerSample> = {
  name: "works in float32, and stays there",
  check: (sample) => {
    const values = choicesOf(sample);
    const optimizer = sample.make({ dtype: "float32", values });
    const { objective, x0 } = sample.problem({ dtype: "float32" });
    const state = optimizer.init(x0, sample.startRng());
    const { updates, x } = continueRun(optimizer, offering(objective, optimizer), { x: x0, state }, RUN_STEPS);
    for (const t of tensorsIn([state, updates])) {
      if (t.dtype !== "float32") throw new Counterexample(`${sample.name} in float32: expected float32 throughout, got a ${t} of float64`);
    }
    const [before, after] = [item(objective.value(x0)), item(objective.value(x))];
    if (!(after < before)) throw new Counterexample(`${sample.name} in float32: expected a loss below ${before}, got ${after}`);
    return updates.length;
  },
};

/** A loss scaled by a number that may not be finite. */
const scaled = (objective: FullObjective, by: number): FullObjective => ({
  value: (x) => mul(objective.value(x), scalar(by, { dtype: x.dtype })) as Scalar,
  hessian: (x) => objective.hessian(x),
  residuals: (x) => objective.residuals(x),
});

/** Within three steps: a method that evaluates after its step needs a second one to use what it saw. */
export const nanLaw: Law<OptimizerSample> = {
  name: "lets a NaN gradient through to x, or stops; it never throws",
  check: (sample) => {
    const optimizer = sample.make();
    const { objective, x0 } = sample.problem();
    const loss = offering(scaled(objective, Number.NaN), optimizer);
    const { x, updates } = continueRun(optimizer, loss, { x: x0, state: optimizer.init(x0, sample.startRng()) }, 3);
    if (!updates.at(-1)?.stop && !Array.from(array(x)).every(Number.isNaN))
      throw new Counterexample(`${sample.name}: expected x to be NaN after three steps on a NaN loss, got ${array(x)}`);
    return 1;
  },
};

/** Squares overflow: whatever comes out of it, the step is made, of the right shape, and the loss is reported as it is. */
export const hugeLaw: Law<OptimizerSample> = {
  name: "survives gradients whose squares overflow",
  check: (sample) => {
    const optimizer = sample.make();
    const { objective, x0 } = sample.problem();
    let checks = 0;
    for (const by of [1e200, 1e308, Number.POSITIVE_INFINITY]) {
      const loss = offering(scaled(objective, by), optimizer);
      const { updates } = continueRun(optimizer, loss, { x: x0, state: optimizer.init(x0, sample.startRng()) }, 4);
      for (const { x, evaluations } of updates) {
        expectShape(`x of ${sample.name} on a huge loss`, x.shape, x0.shape);
        if (evaluations.length === 0) throw new Counterexample(`${sample.name} on a huge loss: expected its evaluations, got none`);
        checks++;
      }
      const first = item(updates[0]?.evaluations[0] ?? sum(x0));
      if (Math.abs(first) < 1e150) throw new Counterexample(`${sample.name} on a huge loss: expected it as it is, got ${first}`);
    }
    return checks;
  },
};
