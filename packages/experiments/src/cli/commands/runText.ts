import { formatShare, sharesOf } from "../../anatomy/shares.ts";
import { choiceOf, describeChoice } from "../../backends/choice.ts";
import type { RunConfiguration } from "../../run/configuration.ts";
import type { Estimate } from "../../run/estimate.ts";
import type { Summary } from "../../run/tally.ts";
import type { Metric } from "../../tasks/task.ts";
import type { Values } from "../../tunedValues.ts";
import { describeSeconds } from "../duration.ts";

/** What a run came to, for the terminal. */
export function describeSummary(
  { task, optimizer, seed, steps, evaluations, meanTailLoss, finalLoss, diverged, stopped, data, metrics = [] }: Summary,
  configuration: RunConfiguration,
  out: string | undefined,
): string {
  const number = (value: number | null): string => (value === null ? "none" : value.toPrecision(5));
  return `${[
    `${optimizer} on ${task}, seed ${seed}: ${evaluations} of ${steps} steps`,
    ...(diverged === null ? [] : [`  diverged      at step ${diverged}: its loss is not finite`]),
    ...(stopped === null ? [] : [`  stopped       ${stopped.kind}: ${stopped.detail}`]),
    `  mean loss     ${number(meanTailLoss)} (over 0.9 T < i < T, T = ${steps})`,
    `  final loss    ${number(finalLoss)}`,
    ...metrics.map(describeMetric),
    ...(data === undefined ? [] : [`  data          ${data}`]),
    `  computed by   ${describeChoice(choiceOf(configuration))}`,
    ...(out === undefined ? [] : [`  written to    ${out}`]),
  ].join("\n")}\n`;
}

const describeMetric = ({ name, mean, standardError, examples }: Metric): string => {
  const error = standardError === 0 ? `all ${examples} examples` : `± ${standardError.toPrecision(2)}, ${examples} examples drawn`;
  return `  ${name.padEnd(13)} ${mean.toPrecision(5)} (${error})`;
};

/** What a run will take, likewise. */
export function describeEstimate(configuration: RunConfiguration, estimated: Estimate): string {
  const { task, optimizer, seed, steps, taskOptions, hyperparameters } = configuration;
  const { parameters, thetaSize, stateBytes, peakBytes, secondsPerStep, seconds } = estimated;
  const shares = sharesOf(estimated)?.map(({ title, share }) => `${title} ${formatShare(share)}`);
  const list = (values: Values): string =>
    Object.entries(values)
      .map(([key, value]) => `${key}=${value}`)
      .join(" ") || "none";
  return `${[
    `${optimizer} on ${task}, seed ${seed}, ${steps} steps`,
    `  task          ${list(taskOptions)}`,
    `  optimizer     ${list(hyperparameters)}`,
    `  parameters    ${parameters}`,
    `  size of θ     ${thetaSize}`,
    `  state         ${stateBytes} bytes`,
    `  memory        at most about ${peakBytes} bytes in all`,
    `  time          about ${secondsPerStep.toPrecision(2)} s a step, ${describeSeconds(seconds)} in all`,
    ...(shares ? [`  of a step     ${shares.join(", ")}`] : []),
  ].join("\n")}\n`;
}
