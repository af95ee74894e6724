import { createRng, type Params } from "@lodo/tensor";
import type { Layer } from "../../networks/layer.ts";
import type { EvaluationProgress, Metric, Sampling } from "../task.ts";
import type { GreyImages } from "./channels.ts";
import { meanLoss } from "./meanLoss.ts";
import { countQueries, drawQueries, everyQuery, type Range } from "./queries.ts";

/** Images that were not trained on. */
export interface Judged {
  readonly name: string;
  readonly images: GreyImages;
  readonly range: Range;
}

/**
 * The mean loss on each of some sets of images. Where queries are drawn, they are so from a generator that depends on the set's name alone: whatever is
 * judged by as many draws is judged by the same ones.
 */
export function* evaluateOn<P extends Params>(
  network: Layer<P>,
  weights: P,
  sets: readonly Judged[],
  { sampling, piece }: { readonly sampling: Sampling; readonly piece: number },
): Generator<EvaluationProgress, readonly Metric[]> {
  const everything = sampling === "everything";
  const counts = sets.map(({ images, range }) => (everything ? countQueries(images, range) : sampling.draws));
  const total = counts.reduce((a, b) => a + b, 0);
  const metrics: Metric[] = [];
  let before = 0;
  for (const { name, images, range } of sets) {
    const queries = everything ? everyQuery(images, range) : drawQueries(createRng(0).split(name), images, range, sampling.draws);
    const losses = meanLoss(network, weights, images, queries, { piece });
    let next = losses.next();
    for (; !next.done; next = losses.next()) yield { done: before + next.value, total };
    const { mean, standardError, queries: examples } = next.value;
    before += examples;
    metrics.push({ name, mean, standardError: everything ? 0 : standardError, examples });
  }
  return metrics;
}
