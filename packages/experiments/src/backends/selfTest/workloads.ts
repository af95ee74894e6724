import { add, conv2d, matmul, normal, type Rng, type Tensor, uniform } from "@lodo/tensor";

/** Something to compute, of which it is known how much work it is. */
export interface Workload {
  readonly id: string;
  readonly unit: "GFLOP/s" | "GB/s";
  /** Of one call: operations, a multiplication and an addition being two, or bytes read and written. */
  readonly work: number;
  /** In float32. */
  inputs(rng: Rng): readonly Tensor[];
  f(...inputs: readonly Tensor[]): Tensor;
}

const float32 = { dtype: "float32" } as const;

const N = 256;
/** Images, their height and width, channels in and out, and the window's side. */
const [IMAGES, SIDE, CHANNELS, WINDOW] = [4, 28, 16, 3];
/** 12 MiB of operands and result: more than the nearer caches hold. */
const LONG = 2 ** 20;

/** What most of a network's time goes into, and what it can never be faster than. */
export const workloads: readonly Workload[] = [
  {
    id: `matmul ${N}³`,
    unit: "GFLOP/s",
    work: 2 * N ** 3,
    inputs: (rng) => [normal(rng, [N, N], float32), normal(rng, [N, N], float32)],
    f: (a, b) => matmul(a as Tensor, b as Tensor),
  },
  {
    id: `conv2d ${IMAGES}·${SIDE}²·${CHANNELS}, ${WINDOW}² → ${CHANNELS}`,
    unit: "GFLOP/s",
    work: 2 * IMAGES * SIDE ** 2 * WINDOW ** 2 * CHANNELS ** 2,
    inputs: (rng) => [normal(rng, [IMAGES, SIDE, SIDE, CHANNELS], float32), normal(rng, [WINDOW, WINDOW, CHANNELS, CHANNELS], float32)],
    f: (images, filter) =>
      conv2d(images as Tensor<readonly [number, number, number, number]>, filter as Tensor<readonly [number, number, number, number]>, {
        padding: "same",
      }),
  },
  {
    id: "add",
    unit: "GB/s",
    work: 3 * 4 * LONG,
    inputs: (rng) => [uniform(rng, [LONG], float32), uniform(rng, [LONG], float32)],
    f: (a, b) => add(a as Tensor, b as Tensor),
  },
];
