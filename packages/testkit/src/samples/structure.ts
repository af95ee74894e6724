import {
  broadcastTo,
  concat,
  flip,
  gather,
  type PadOptions,
  pad,
  reshape,
  type Shape,
  type SliceOptions,
  scatterAdd,
  slice,
  stack,
  type Tensor,
  transpose,
} from "@lodo/tensor";
import { concatenated, moved, type Reference, reshaped, scattered, sliced, transposed } from "../reference/operations.ts";
import { type Plain, repeated } from "../reference/plain.ts";
import type { Operation, Sample } from "../sample.ts";
import { one, throughViews } from "./cases.ts";
import { between, type Domain, drawn, either, ordinary } from "./domain.ts";

const huge = either(between(1e100, 2e100, 1e100));
const tiny = either(between(1e-100, 2e-100, 1e-100));

/** A case of an operation that moves numbers about: its name, the input's shape, the operation and its reference. */
type Move = readonly [name: string, shape: Shape, f: (x: Tensor) => Tensor, reference: Reference];

/** Every move, and one of them — on a [2, 3] matrix — through views and at both magnitudes. */
function moves(name: string, [onMatrix, ...others]: readonly [Move, ...Move[]]): Operation {
  const of = ([sample, shape, f, reference]: Move, domain: Domain): Sample => one(sample, shape, domain, { f, reference, roundings: 0 });
  const [sample, shape, f, reference] = onMatrix;
  return {
    name,
    samples: [
      of(onMatrix, ordinary),
      ...others.map((move) => of(move, ordinary)),
      ...throughViews(ordinary, { f, reference, roundings: 0 }),
      of([`${sample}, large magnitude`, shape, f, reference], huge),
      of([`${sample}, small magnitude`, shape, f, reference], tiny),
    ],
  };
}

const x0 = (xs: readonly Plain[]): Plain => xs[0] as Plain;

const reshapes = (name: string, from: Shape, to: Shape): Move => [name, from, (x) => reshape(x, to), reshaped(to)];
const broadcasts = (name: string, from: Shape, to: Shape): Move => [name, from, (x) => broadcastTo(x, to), (...xs) => repeated(x0(xs), to)];
const transposes = (name: string, shape: Shape, axes?: readonly number[]): Move => [
  name,
  shape,
  (x) => transpose(x, axes),
  transposed(axes),
];
const slices = (name: string, shape: Shape, { start, stop, step }: SliceOptions): Move => [
  name,
  shape,
  (x) => slice(x, { ...(start && { start }), ...(stop && { stop }), ...(step && { step }) }),
  sliced(start ?? shape.map(() => 0), stop ?? shape, step),
];
const flips = (name: string, shape: Shape, axes?: readonly number[]): Move => [
  name,
  shape,
  (x) => flip(x, axes ? { axes } : {}),
  (...xs) => moved(x0(xs), shape, (i) => i.map((k, d) => (!axes || axes.includes(d) ? (shape[d] ?? 0) - 1 - k : k))),
];
const pads = (name: string, shape: Shape, options: PadOptions): Move => {
  const { before = shape.map(() => 0), after = shape.map(() => 0), value = 0 } = options;
  const outer = shape.map((n, d) => (before[d] ?? 0) + n + (after[d] ?? 0));
  const inside = (i: readonly number[]): readonly number[] | undefined => {
    const j = i.map((k, d) => k - (before[d] ?? 0));
    return j.every((k, d) => k >= 0 && k < (shape[d] ?? 0)) ? j : undefined;
  };
  return [name, shape, (x) => pad(x, options), (...xs) => moved(x0(xs), outer, inside, value)];
};
const gathers = (name: string, shape: Shape, indices: readonly number[], axis = 0): Move => [
  name,
  shape,
  (x) => gather(x, Int32Array.from(indices), { axis }),
  (...xs) => moved(x0(xs), shape.with(axis, indices.length), (i) => i.with(axis, indices[i.at(axis) ?? 0] ?? 0)),
];
const scatters = (name: string, shape: Shape, indices: readonly number[], size: number, axis = 0): Move => [
  name,
  shape,
  (x) => scatterAdd(x, Int32Array.from(indices), { size, axis }),
  scattered(indices, size, axis < 0 ? axis + shape.length : axis),
];

/** Several tensors joined. */
function joins(
  name: string,
  shapes: readonly Shape[],
  f: (xs: readonly Tensor[]) => Tensor,
  reference: Reference,
  domain = ordinary,
): Sample {
  return {
    name,
    inputs: (rng) => shapes.map((shape) => drawn(rng, domain, shape)),
    f: (...xs) => f(xs),
    reference,
    h: domain.h,
    roundings: 0,
  };
}

const concats = (name: string, shapes: readonly Shape[], axis = 0, domain?: Domain): Sample =>
  joins(name, shapes, (xs) => concat(xs, { axis }), concatenated(axis < 0 ? axis + (shapes[0] as Shape).length : axis), domain);

const stacks = (name: string, copies: number, shape: Shape, axis = 0, domain?: Domain): Sample => {
  const at = axis < 0 ? axis + shape.length + 1 : axis;
  const reference: Reference = (...xs) => concatenated(at)(...xs.map((x) => ({ ...x, shape: shape.toSpliced(at, 0, 1) })));
  return joins(
    name,
    Array.from({ length: copies }, () => shape),
    (xs) => stack(xs, { axis }),
    reference,
    domain,
  );
};

const concatOperation: Operation = {
  name: "concat",
  samples: [
    concats("vectors", [[2], [3]]),
    concats("one vector", [[3]]),
    concats("three vectors, one without elements", [[2], [0], [1]]),
    concats("no elements", [[0], [0]]),
    concats("matrices, rows", [
      [2, 2],
      [1, 2],
    ]),
    concats(
      "matrices, columns",
      [
        [2, 2],
        [2, 1],
      ],
      1,
    ),
    concats(
      "matrices of equal shape",
      [
        [2, 2],
        [2, 2],
      ],
      -1,
    ),
    concats(
      "rank 4",
      [
        [2, 1, 1, 2],
        [2, 1, 2, 2],
      ],
      2,
    ),
    concats(
      "matrices without rows",
      [
        [0, 2],
        [0, 1],
      ],
      1,
    ),
    concats("large magnitude", [[2], [2]], 0, huge),
    concats("small magnitude", [[2], [2]], 0, tiny),
    joins(
      "same tensor twice",
      [[2, 2]],
      ([x]) => concat([x as Tensor, x as Tensor], { axis: 1 }),
      (x) => concatenated(1)(x as Plain, x as Plain),
    ),
    joins(
      "transposed and sliced views",
      [
        [3, 2],
        [2, 5],
      ],
      ([x, y]) => concat([transpose(x as Tensor), slice(y as Tensor, { step: [1, 2] })]),
      (x, y) => concatenated(0)(transposed()(x as Plain), sliced([0, 0], [2, 5], [1, 2])(y as Plain)),
    ),
  ],
};

const stackOperation: Operation = {
  name: "stack",
  samples: [
    stacks("scalars", 3, []),
    stacks("one scalar", 1, []),
    stacks("vectors as rows", 2, [3]),
    stacks("vectors as columns", 2, [3], -1),
    stacks("matrices", 2, [2, 2], 1),
    stacks("rank 3", 2, [2, 1, 2], 3),
    stacks("no elements", 2, [0]),
    stacks("large magnitude", 2, [2], 0, huge),
    stacks("small magnitude", 2, [2], 0, tiny),
    joins(
      "same tensor twice",
      [[3]],
      ([x]) => stack([x as Tensor, x as Tensor]),
      (x) => ({ shape: [2, 3], data: [...(x as Plain).data, ...(x as Plain).data] }),
    ),
  ],
};

export const structureOperations: readonly Operation[] = [
  moves("reshape", [
    reshapes("matrix to matrix", [2, 3], [3, 2]),
    reshapes("scalar to matrix", [], [1, 1]),
    reshapes("vector to scalar", [1], []),
    reshapes("matrix to vector", [2, 3], [6]),
    reshapes("vector to rank 4", [8], [2, 1, 2, 2]),
    reshapes("to its own shape", [2, 2], [2, 2]),
    reshapes("no elements", [0, 3], [3, 0]),
    reshapes("no elements, to a vector", [2, 0, 2], [0]),
  ]),
  moves("broadcastTo", [
    broadcasts("matrix to rank 3", [2, 3], [2, 2, 3]),
    broadcasts("scalar to vector", [], [3]),
    broadcasts("scalar to rank 4", [], [2, 1, 2, 1]),
    broadcasts("row to matrix", [1, 3], [2, 3]),
    broadcasts("column to matrix", [2, 1], [2, 3]),
    broadcasts("vector to matrix", [3], [2, 3]),
    broadcasts("middle axis", [2, 1, 2], [2, 3, 2]),
    broadcasts("to its own shape", [2], [2]),
    broadcasts("to no elements", [1], [0]),
    broadcasts("scalar to no elements", [], [2, 0]),
    broadcasts("no elements", [0], [2, 0]),
  ]),
  moves("transpose", [
    transposes("matrix", [2, 3]),
    transposes("scalar", []),
    transposes("vector", [3]),
    transposes("rank 3, a cycle", [2, 3, 1], [1, 2, 0]),
    transposes("rank 4, reversed", [2, 1, 3, 2]),
    transposes("rank 4, inner axes", [2, 1, 3, 2], [0, 2, 1, 3]),
    transposes("rank 4, a cycle", [1, 2, 3, 2], [3, 0, 1, 2]),
    transposes("no elements", [0, 2]),
  ]),
  moves("slice", [
    slices("matrix, a column", [2, 3], { start: [0, 1], stop: [2, 2] }),
    slices("scalar", [], {}),
    slices("vector", [5], { start: [1], stop: [4] }),
    slices("vector, every second", [5], { step: [2] }),
    slices("vector, every third from 1", [6], { start: [1], step: [3] }),
    slices("rank 4", [2, 2, 3, 2], { start: [1, 0, 0, 0], stop: [2, 2, 2, 2], step: [1, 1, 1, 2] }),
    slices("step past the end", [4], { step: [7] }),
    slices("nothing", [3], { start: [2], stop: [2] }),
    slices("no elements", [0, 2], { stop: [0, 1] }),
  ]),
  moves("flip", [
    flips("matrix", [2, 3]),
    flips("scalar", []),
    flips("vector", [4]),
    flips("matrix, columns", [2, 3], [1]),
    flips("rank 4, two axes", [2, 1, 3, 2], [0, 2]),
    flips("rank 4", [2, 2, 1, 2]),
    flips("no elements", [0]),
  ]),
  moves("pad", [
    pads("matrix", [2, 3], { before: [1, 0], after: [0, 2] }),
    pads("scalar", [], { value: 3 }),
    pads("vector", [3], { before: [2] }),
    pads("vector, with a value", [3], { after: [2], value: -0.75 }),
    pads("matrix, with a value", [2, 2], { before: [1, 1], after: [1, 1], value: 5 }),
    pads("rank 4", [1, 2, 1, 2], { before: [0, 1, 1, 0], after: [1, 0, 0, 1] }),
    pads("no width", [2], {}),
    pads("no elements", [0], { before: [2] }),
  ]),
  moves("gather", [
    gathers("rows", [2, 3], [1, 0, 1]),
    gathers("vector", [4], [3, 0, 2]),
    gathers("vector, repeated", [3], [1, 1, 1, 2]),
    gathers("columns", [2, 3], [2, 0], -1),
    gathers("rank 4", [2, 2, 3, 1], [2, 1, 1], 2),
    gathers("nothing", [3], []),
    gathers("columns of no rows", [0, 3], [1, 1], 1),
  ]),
  moves("scatterAdd", [
    scatters("rows", [2, 3], [2, 0], 4),
    scatters("vector", [3], [2, 0, 1], 3),
    scatters("vector, colliding", [4], [1, 1, 0, 1], 3),
    scatters("columns", [2, 3], [1, 1, 0], 2, -1),
    scatters("rank 4", [2, 1, 2, 2], [1, 1], 3, 2),
    scatters("nothing", [0], [], 3),
    scatters("into nothing", [0, 2], [], 0),
  ]),
  concatOperation,
  stackOperation,
];
