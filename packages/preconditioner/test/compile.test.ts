import {
  type Connection,
  chain,
  compileNetwork,
  dense,
  exactRouter,
  layersEnough,
  type Router,
  type SparseMatrix,
  splittingRouter,
  symmetricGroup,
} from "@lodo/preconditioner";
import { ArgumentError, array, createRng, permutation, type Rng, ShapeError, tensor } from "@lodo/tensor";
import { describe, expect, it } from "vitest";
import { outOfReach } from "../src/compile/outOfReach.ts";

const draw = (rng: Rng, N: number, ñ: number): readonly Int32Array[] => Array.from({ length: N }, () => permutation(rng, ñ));
const sparse = (rows: number, cols: number, ...entries: readonly (readonly [number, number, number])[]): SparseMatrix => ({
  rows,
  cols,
  connections: entries.map(([to, from, weight]): Connection => ({ to, from, weight })),
});

/** A random matrix with at most ñ connections and fans of at most κ. */
function randomMatrix(rng: Rng, rows: number, cols: number, ñ: number, κ: number): SparseMatrix {
  const fans = new Map<string, number>();
  const entries: [number, number, number][] = [];
  for (let tries = 0; tries < 3 * ñ && entries.length < ñ; tries++) {
    const ends = [`to ${rng.integer(rows)}`, `from ${rng.integer(cols)}`] as const;
    if (ends.some((end) => (fans.get(end) ?? 0) >= κ)) continue;
    for (const end of ends) fans.set(end, (fans.get(end) ?? 0) + 1);
    entries.push([Number(ends[0].slice(3)), Number(ends[1].slice(5)), rng.normal()]);
  }
  return sparse(rows, cols, ...entries);
}

/** A_d ⋯ A₁ in the upper left corner of [ñ, ñ], in plain arrays. */
function product(network: readonly SparseMatrix[], ñ: number): number[][] {
  let product = Array.from({ length: ñ }, (_, i) => Array.from({ length: ñ }, (_, j) => Number(i === j && i < (network[0]?.cols ?? 0))));
  for (const { connections } of network) {
    const next = product.map((row) => row.map(() => 0));
    for (const { to, from, weight } of connections) {
      for (let j = 0; j < ñ; j++) (next[to] as number[])[j] = (next[to]?.[j] ?? 0) + weight * (product[from]?.[j] ?? 0);
    }
    product = next;
  }
  return product;
}

function largestError(network: readonly SparseMatrix[], P: readonly Int32Array[], router?: Router): number {
  const ñ = (P[0] as Int32Array).length;
  const G̃ = array(dense(chain(P, compileNetwork(network, P, router ? { router } : {}).theta)));
  return Math.max(
    ...product(network, ñ)
      .flat()
      .map((a, i) => Math.abs(a - (G̃[i] as number))),
  );
}

/** What the layers bring to each unit when their blocks swap as chosen. */
const routed = (P: readonly Int32Array[], swaps: readonly Uint8Array[]): number[] =>
  P.reduce<number[]>(
    (held, Pᵢ, i) => {
      const moved = Array.from(Pᵢ, (p) => held[p] as number);
      return moved.map((_, q) => moved[swaps[i]?.[q >> 1] === 1 ? q ^ 1 : q] as number);
    },
    Array.from(P[0] as Int32Array, (_, i) => i),
  );

describe("routers", () => {
  it.each([
    ["exact", exactRouter, [2, 4, 6, 8]],
    ["splitting", splittingRouter(), [2, 4, 8, 30]],
    ["beam", splittingRouter({ beam: 6 }), [2, 4, 8, 30]],
  ] as const)("%s: what is routed arrives", (_, route, widths) => {
    const rng = createRng(5);
    for (const ñ of widths) {
      const P = draw(rng, layersEnough(ñ, 1, 1e-6), ñ);
      for (let i = 0; i < 5; i++) {
        const target = permutation(rng, ñ);
        const swaps = route(target, P);
        expect(swaps).toHaveLength(P.length);
        expect(routed(P, swaps ?? [])).toEqual([...target]);
      }
    }
  });

  it("the exact one finds a way where there is one: as many targets as choices that differ", () => {
    const rng = createRng(6);
    for (const M of [1, 2, 3, 4]) {
      const P = draw(rng, M, 4);
      const reached = new Set<string>();
      for (let choice = 0; choice < 4 ** M; choice++) {
        const swaps = P.map((_, i) => Uint8Array.of((choice >> (2 * i)) & 1, (choice >> (2 * i + 1)) & 1));
        reached.add(routed(P, swaps).join());
      }
      const all = [0, 1, 2, 3].flatMap((a) => [0, 1, 2, 3].flatMap((b) => [0, 1, 2, 3].map((c) => [a, b, c, 6 - a - b - c])));
      for (const target of all.filter((t) => new Set(t).size === 4 && t.every((i) => i >= 0 && i < 4))) {
        expect(exactRouter(Int32Array.from(target), P) !== null).toBe(reached.has(target.join()));
      }
    }
  });

  it("the guarantee holds: runs of the promised length fail as rarely as promised", () => {
    const rng = createRng(7);
    const [ñ, δ, trials] = [10, 0.1, 400];
    let failures = 0;
    for (let i = 0; i < trials; i++) if (!splittingRouter()(permutation(rng, ñ), draw(rng, layersEnough(ñ, 1, δ), ñ))) failures++;
    // At most δ of them, and six standard errors.
    expect(failures).toBeLessThan(trials * δ + 6 * Math.sqrt(trials * δ * (1 - δ)));
  });

  it("a better router needs less depth: exact less than splitting at 8 units, a beam less than one state", () => {
    const rng = createRng(8);
    const depth = (ñ: number, route: Router, trials = 25): number => {
      let layers = 0;
      for (let i = 0; i < trials; i++) {
        const P = draw(rng, 40 * ñ, ñ);
        const target = permutation(rng, ñ);
        let M = 1;
        while (!route(target, P.slice(0, M))) M++;
        layers += M;
      }
      return layers / trials;
    };
    expect(depth(8, exactRouter)).toBeLessThan(0.85 * depth(8, splittingRouter()));
    expect(depth(16, splittingRouter({ beam: 16 }))).toBeLessThan(0.7 * depth(16, splittingRouter()));
  });

  it("refuses a beam of none and exact search above 8 units", () => {
    expect(() => splittingRouter({ beam: 0 })).toThrow("splittingRouter: beam must be a positive integer, got 0");
    expect(() => exactRouter(permutation(createRng(1), 10), [])).toThrow("symmetricGroup: n must be an integer from 1 to 8, got 10");
  });
});

it("the symmetric group numbers its arrangements in order, and exchanges undo themselves", () => {
  const group = symmetricGroup(5);
  expect(group.order).toBe(120);
  expect([group.rank([0, 1, 2, 3, 4]), group.rank([0, 1, 2, 4, 3]), group.rank([4, 3, 2, 1, 0])]).toEqual([0, 1, 119]);
  const exchange = group.exchange(1, 3);
  expect(exchange[group.rank([2, 0, 1, 4, 3])]).toBe(group.rank([2, 4, 1, 0, 3]));
  expect([...exchange].map((i) => exchange[i])).toEqual([...exchange.keys()]);
});

describe("compileNetwork", () => {
  it.each([
    [4, 2, 1],
    [6, 3, 2],
    [8, 8, 1],
    [8, 2, 3],
    [20, 4, 2],
    [64, 3, 1],
  ])("ñ = %i, κ = %i, d = %i", (ñ, κ, d) => {
    const rng = createRng(ñ);
    const network = Array.from({ length: d }, () => randomMatrix(rng, ñ, ñ, ñ, κ));
    // Weights are multiplied along one path and sums of at most κ taken in another order: a few ε.
    expect(largestError(network, draw(rng, layersEnough(ñ, 20), ñ))).toBeLessThan(1e-12);
  });

  it("some hundreds of units, by a random vector", () => {
    const [rng, ñ] = [createRng(16), 240];
    const A = randomMatrix(rng, ñ, ñ, ñ, 3);
    const P = draw(rng, layersEnough(ñ, 5), ñ);
    const v = Float64Array.from({ length: ñ }, () => rng.normal());
    const expected = new Float64Array(ñ);
    for (const { to, from, weight } of A.connections) expected[to] = (expected[to] as number) + weight * (v[from] as number);
    const y = array(chain(P, compileNetwork([A], P).theta).apply(tensor(v, [ñ])));
    // Each output is a sum of at most 3 terms of order 1.
    expect(Math.max(...y.map((yᵢ, i) => Math.abs(yᵢ - (expected[i] as number))))).toBeLessThan(1e-12);
  });

  it("networks that change their width, bottlenecks and expansions among them", () => {
    const rng = createRng(11);
    const widths = [5, 2, 7, 1, 6];
    const network = widths.slice(1).map((rows, l) => randomMatrix(rng, rows, widths[l] as number, 8, 4));
    expect(largestError(network, draw(rng, 400, 8))).toBeLessThan(1e-12);
  });

  it.each<[string, SparseMatrix[]]>([
    ["no connections at all", [sparse(4, 4)]],
    ["parallel connections, which add up", [sparse(2, 2, [1, 0, 2], [1, 0, 3])]],
    ["weights of zero", [sparse(3, 3, [0, 0, 0], [2, 1, 1])]],
    ["one number", [sparse(1, 1, [0, 0, -2])]],
    [
      "every number into one and back",
      [sparse(1, 4, ...[0, 1, 2, 3].map((i) => [0, i, i + 1] as const)), sparse(4, 1, [3, 0, 1], [0, 0, 2])],
    ],
  ])("%s", (_, network) => {
    expect(largestError(network, draw(createRng(12), 80, 4))).toBe(0);
  });

  it("joins neighbouring runs: Σ (⌈log₂ fan-out⌉ + ⌈log₂ fan-in⌉) + 1", () => {
    const rng = createRng(13);
    const fan = sparse(1, 3, [0, 0, 1], [0, 1, 1], [0, 2, 1]);
    expect(compileNetwork([fan], draw(rng, 60, 4)).runs).toHaveLength(3);
    expect(compileNetwork([sparse(4, 4, [1, 0, 2], [0, 1, 3])], draw(rng, 60, 4)).runs).toEqual([60]);
  });

  const P = draw(createRng(1), 3, 4);
  const one = sparse(4, 4, [0, 0, 1]);
  it.each<[string, () => unknown, typeof ArgumentError, RegExp]>([
    ["no layers", () => compileNetwork([one], []), ArgumentError, /expected at least one layer, got none; \d+ uniformly/],
    ["no matrices", () => compileNetwork([], P), ArgumentError, /expected at least one matrix, got none/],
    ["an odd width", () => compileNetwork([one], draw(createRng(1), 2, 5)), ShapeError, /even width, got ñ = 5; 6 would do/],
    ["permutations of several widths", () => compileNetwork([one], [...P, new Int32Array(6)]), ShapeError, /length 4, got 6/],
    [
      "a width above ñ",
      () => compileNetwork([sparse(6, 2)], P),
      ShapeError,
      /matrix 0 is \[6, 2\], above the width ñ = 4; a width of 6 would do/,
    ],
    ["matrices that do not fit", () => compileNetwork([one, sparse(3, 3)], P), ShapeError, /matrix 0 gives 4 numbers, matrix 1 takes 3/],
    [
      "a connection to nowhere",
      () => compileNetwork([sparse(2, 2, [2, 0, 1])], P),
      ShapeError,
      /is \[2, 2\], got a connection to 2 from 0/,
    ],
    ["a weight that is no number", () => compileNetwork([sparse(2, 2, [0, 0, Number.NaN])], P), ArgumentError, /finite weights, got NaN/],
    [
      "more connections than units",
      () => compileNetwork([randomMatrix(createRng(1), 4, 4, 5, 9)], P),
      ArgumentError,
      /has 5 connections, above the width ñ = 4; a width of 6 would do, or at least 2 matrices/,
    ],
    [
      "an odd width above ñ",
      () => compileNetwork([sparse(5, 2)], P),
      ShapeError,
      /is \[5, 2\], above the width ñ = 4; a width of 6 would do/,
    ],
    ["a matrix without rows", () => compileNetwork([sparse(0, 2)], P), ShapeError, /matrix 0 must have rows and columns, got \[0, 2\]/],
    ["half a column", () => compileNetwork([one, sparse(4, 2.5)], P), ShapeError, /matrix 1 must have rows and columns, got \[4, 2.5\]/],
    ["κ = 0", () => compileNetwork([one], P, { maxFan: 0 }), ArgumentError, /maxFan must be a number of at least 1, got 0/],
    ["κ that is no number", () => compileNetwork([one], P, { maxFan: Number.NaN }), ArgumentError, /maxFan must be .* got NaN/],
    [
      "permutations that keep units apart",
      () =>
        compileNetwork(
          [sparse(4, 4, [0, 3, 1])],
          draw(createRng(1), 50, 4).map((p) => p.toSorted()),
        ),
      ArgumentError,
      /the 50 left do not suffice \(whatever their blocks do, what unit 3 holds does not come to unit 0\); \d+ uniformly random/,
    ],
    [
      "a fan-in above κ",
      () => compileNetwork([sparse(1, 3, [0, 0, 1], [0, 1, 1], [0, 2, 1])], P, { maxFan: 2 }),
      ArgumentError,
      /has fan-in 3, above κ = 2; κ = 3 would do/,
    ],
    [
      "a fan-out above κ",
      () => compileNetwork([sparse(3, 1, [0, 0, 1], [1, 0, 1], [2, 0, 1])], P, { maxFan: 2 }),
      ArgumentError,
      /has fan-out 3, above κ = 2/,
    ],
    [
      "too few layers",
      () => compileNetwork([sparse(1, 4, ...[0, 1, 2, 3].map((i) => [0, i, 1] as const))], P),
      ArgumentError,
      /3 layers are not enough: \d of them take \d of 3 permutations, and the \d left do not suffice; \d+ uniformly random ones would do with/,
    ],
  ])("refuses %s, and says what would do", (_, compile, kind, message) => {
    expect(compile).toThrow(kind);
    expect(compile).toThrow(message);
  });

  it("what is out of reach is brought there by no choice of swaps", () => {
    const rng = createRng(15);
    let apart = 0;
    for (let i = 0; i < 60; i++) {
      const P = draw(rng, 1 + rng.integer(3), 6);
      const target = permutation(rng, 6);
      const move = outOfReach(target, P);
      if (!move) continue;
      apart++;
      expect(target[move.to]).toBe(move.from);
      for (let choice = 0; choice < 8 ** P.length; choice++) {
        const swaps = P.map((_, layer) => Uint8Array.from([0, 1, 2], (block) => (choice >> (3 * layer + block)) & 1));
        expect(routed(P, swaps)[move.to]).not.toBe(move.from);
      }
    }
    expect(apart).toBeGreaterThan(10);
  });

  it("the depth that it asks for is enough", () => {
    const rng = createRng(14);
    const network = [randomMatrix(rng, 10, 10, 10, 3)];
    const asked = /(\d+) uniformly/.exec(String(catching(() => compileNetwork(network, draw(rng, 1, 10)))))?.[1];
    expect(largestError(network, draw(rng, Number(asked), 10))).toBeLessThan(1e-12);
  });
});

function catching(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}
