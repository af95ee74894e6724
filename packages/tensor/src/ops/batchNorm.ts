import { ArgumentError, ShapeError } from "../errors.ts";
import type { Shape } from "../shape.ts";
import type { Tensor, Vector } from "../tensor.ts";
import { add, div, mul, sub } from "./arithmetic.ts";
import { mean } from "./reduce.ts";
import { sqrt } from "./transcendental.ts";

/** Of each channel, [c]. */
export interface BatchStatistics {
  readonly mean: Vector;
  /** Biased: divided by the count, not by the count less one. */
  readonly variance: Vector;
}

/** Where a channel's numbers lie: along all axes but the last. @throws ShapeError if there is no channel axis. */
function overChannels(op: string, { shape }: Tensor): readonly number[] {
  if (shape.length === 0) throw new ShapeError(op, "x must be [..., c], got a scalar");
  return shape.slice(0, -1).map((_, d) => d);
}

/**
 * Mean and biased variance of each channel of x [..., c] over all axes but the last.
 * @throws ShapeError if there are no numbers to average.
 */
export function batchStatistics(x: Tensor): BatchStatistics {
  const axes = overChannels("batchStatistics", x);
  if (axes.some((d) => x.shape[d] === 0)) throw new ShapeError("batchStatistics", `is not defined over no elements, got [${x.shape}]`);
  const center = mean(x, { axes });
  const deviation = sub(x, center);
  return { mean: center as Vector, variance: mean(mul(deviation, deviation), { axes }) as Vector };
}

export interface BatchNormOptions {
  /** What each normalised channel is multiplied by, [c]. */
  readonly gamma: Vector;
  /** What is added to it then, [c]. */
  readonly beta: Vector;
  /** Added to the variance; 1e-5 unless given. */
  readonly eps?: number;
  /** Those of x itself unless given; running averages of them in evaluation. */
  readonly statistics?: BatchStatistics;
}

/**
 * y = γ (x − mean)/√(variance + eps) + β for each channel, the last axis of x [..., c] (Ioffe & Szegedy 2015).
 * @throws ShapeError unless γ, β and given statistics are [c], or if there are no numbers to average; ArgumentError unless eps ≥ 0.
 */
export function batchNorm<S extends Shape>(
  x: Tensor<S>,
  { gamma, beta, eps = 1e-5, statistics }: BatchNormOptions,
): Tensor<{ readonly [K in keyof S]: number }> {
  overChannels("batchNorm", x);
  if (!(eps >= 0 && eps < Number.POSITIVE_INFINITY)) {
    throw new ArgumentError("batchNorm", `eps must be a finite number of at least 0, got ${eps}`);
  }
  const channels = x.shape[x.shape.length - 1] as number;
  const vectors = { gamma, beta, ...(statistics && { "statistics.mean": statistics.mean, "statistics.variance": statistics.variance }) };
  for (const [name, vector] of Object.entries(vectors)) {
    const shape: Shape = vector.shape;
    if (shape.length !== 1 || shape[0] !== channels) {
      throw new ShapeError("batchNorm", `${name} must be [${channels}] for x [${x.shape}], got [${shape}]`);
    }
  }
  const { mean: center, variance } = statistics ?? batchStatistics(x);
  const slope = div(gamma, sqrt(add(variance, eps)));
  return add(mul(sub(x, center), slope), beta) as Tensor as Tensor<{ readonly [K in keyof S]: number }>;
}
