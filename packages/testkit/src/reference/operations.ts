import { at, atBroadcast, broadcastOf, build, count, indices, type Plain } from "./plain.ts";

/** A reference: what an operation is, said in loops. */
export type Reference = (...xs: readonly Plain[]) => Plain;

const first = (xs: readonly Plain[]): Plain => xs[0] ?? { shape: [], data: [] };

/** z[i] = f(x[i], y[i], …), broadcasting. */
export const elementwise =
  (f: (...xs: number[]) => number): Reference =>
  (...xs) =>
    build(broadcastOf(...xs.map((x) => x.shape)), (i) => f(...xs.map((x) => atBroadcast(x, i))));

/** Σ in the order given. */
export const total = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0);

export const largest = (xs: readonly number[]): number => xs.reduce((a, b) => (Number.isNaN(a) || a > b ? a : b), Number.NEGATIVE_INFINITY);

/** The axes meant: all when none are named, negative ones counted from the back. */
const named = (x: Plain, axes: number | readonly number[] | undefined): readonly number[] =>
  (axes === undefined ? x.shape.map((_, d) => d) : typeof axes === "number" ? [axes] : axes).map((d) => (d < 0 ? d + x.shape.length : d));

/** y = f of all elements that agree outside the axes. */
export const reduced =
  (
    f: (xs: readonly number[]) => number,
    { axes, keepdims = false }: { axes?: number | readonly number[]; keepdims?: boolean } = {},
  ): Reference =>
  (...xs) => {
    const x = first(xs);
    const along = named(x, axes);
    const kept = build(
      x.shape.map((n, d) => (along.includes(d) ? 1 : n)),
      (i) =>
        f(
          indices(x.shape.map((n, d) => (along.includes(d) ? n : 1))).map((j) =>
            at(
              x,
              i.map((k, d) => k + (j[d] ?? 0)),
            ),
          ),
        ),
    );
    return keepdims ? kept : { shape: x.shape.filter((_, d) => !along.includes(d)), data: kept.data };
  };

/** y[i] = f(all elements on the line through i along the axis, position of i on it). */
export const alongAxis =
  (f: (line: readonly number[], position: number) => number, axis = -1): Reference =>
  (...xs) => {
    const x = first(xs);
    const [d = 0] = named(x, axis);
    const n = x.shape[d] ?? 0;
    return build(x.shape, (i) =>
      f(
        Array.from({ length: n }, (_, k) => at(x, i.with(d, k))),
        i[d] ?? 0,
      ),
    );
  };

/** y[i] = x[from(i)], or `otherwise` where `from` finds nothing. */
export const moved = (
  x: Plain,
  shape: readonly number[],
  from: (i: readonly number[]) => readonly number[] | undefined,
  otherwise = 0,
): Plain =>
  build(shape, (i) => {
    const j = from(i);
    return j ? at(x, j) : otherwise;
  });

export const transposed =
  (axes?: readonly number[]): Reference =>
  (...xs) => {
    const x = first(xs);
    const order = axes ?? x.shape.map((_, d) => x.shape.length - 1 - d);
    return moved(
      x,
      order.map((d) => x.shape[d] ?? 0),
      (i) => order.map((_, d) => i[order.indexOf(d)] ?? 0),
    );
  };

export const reshaped =
  (shape: readonly number[]): Reference =>
  (...xs) => ({ shape, data: first(xs).data });

/** x[start:stop:step] */
export const sliced =
  (start: readonly number[], stop: readonly number[], step: readonly number[] = start.map(() => 1)): Reference =>
  (...xs) =>
    moved(
      first(xs),
      start.map((a, d) => Math.ceil(((stop[d] ?? 0) - a) / (step[d] ?? 1))),
      (i) => i.map((k, d) => (start[d] ?? 0) + k * (step[d] ?? 1)),
    );

export const concatenated =
  (axis: number): Reference =>
  (...xs) => {
    const extent = (x: Plain): number => x.shape[axis] ?? 0;
    const shape = first(xs).shape.with(axis, total(xs.map(extent)));
    return build(shape, (i) => {
      let k = i[axis] ?? 0;
      for (const x of xs) {
        if (k < extent(x)) return at(x, i.with(axis, k));
        k -= extent(x);
      }
      return Number.NaN;
    });
  };

/** Σ over the letters missing on the right, by looping over all letters at once. */
export const summedOverLetters =
  (formula: string): Reference =>
  (...xs) => {
    const [left = "", right = ""] = formula.split("->");
    const inputs = left.split(",");
    const extents = new Map(inputs.flatMap((labels, i) => [...labels].map((l, d) => [l, xs[i]?.shape[d] ?? 0] as const)));
    const letters = [...extents.keys()];
    const inner = letters.filter((l) => !right.includes(l));
    return build(
      [...right].map((l) => extents.get(l) ?? 0),
      (i) =>
        total(
          indices(inner.map((l) => extents.get(l) ?? 0)).map((j) => {
            const value = (l: string): number => (right.includes(l) ? i[right.indexOf(l)] : j[inner.indexOf(l)]) ?? 0;
            return xs.reduce((p, x, k) => p * at(x, [...(inputs[k] ?? "")].map(value)), 1);
          }),
        ),
    );
  };

/** NumPy's matrix product: vectors stand for rows on the left and columns on the right, leading axes broadcast. */
export const product: Reference = (A = { shape: [], data: [] }, B = { shape: [], data: [] }) => {
  const a = A.shape.length === 1 ? { ...A, shape: [1, ...A.shape] } : A;
  const b = B.shape.length === 1 ? { ...B, shape: [...B.shape, 1] } : B;
  const batch = broadcastOf(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const k = a.shape.at(-1) ?? 0;
  const full = build([...batch, a.shape.at(-2) ?? 0, b.shape.at(-1) ?? 0], (i) => {
    const [row = 0, col = 0] = i.slice(-2);
    const outer = i.slice(0, -2);
    return total(Array.from({ length: k }, (_, p) => atMatrix(a, outer, row, p) * atMatrix(b, outer, p, col)));
  });
  const rows = A.shape.length === 1 ? [] : [a.shape.at(-2) ?? 0];
  const cols = B.shape.length === 1 ? [] : [b.shape.at(-1) ?? 0];
  return { shape: [...batch, ...rows, ...cols], data: full.data };
};

/** The element (row, col) of the matrix that broadcasting puts at a batch index. */
function atMatrix(x: Plain, batch: readonly number[], row: number, col: number): number {
  const own = x.shape.slice(0, -2);
  const index = own.map((n, d) => (n === 1 ? 0 : (batch[d + batch.length - own.length] ?? 0)));
  return at(x, [...index, row, col]);
}

/** x with A x = b by Gauss–Jordan elimination with partial pivoting. */
export const eliminated: Reference = (A = { shape: [], data: [] }, b = { shape: [], data: [] }) => {
  const n = A.shape[0] ?? 0;
  const m = b.shape[1] ?? 1;
  const rows = Array.from({ length: n }, (_, i) => [...A.data.slice(i * n, i * n + n), ...b.data.slice(i * m, i * m + m)]);
  const size = (row: readonly number[] | undefined, c: number): number => Math.abs(row?.[c] ?? 0);
  for (let c = 0; c < n; c++) {
    let best = c;
    for (let r = c; r < n; r++) if (size(rows[r], c) > size(rows[best], c)) best = r;
    const pivot = rows[best] ?? [];
    rows[best] = rows[c] ?? [];
    rows[c] = pivot.map((v) => v / (pivot[c] ?? 1));
    for (let r = 0; r < n; r++) {
      const factor = rows[r]?.[c] ?? 0;
      if (r !== c) rows[r] = (rows[r] ?? []).map((v, j) => v - factor * (rows[c]?.[j] ?? 0));
    }
  }
  return { shape: b.shape, data: rows.flatMap((row) => row.slice(n)) };
};

/** y[…, indices[i], …] += x[…, i, …] from zeros. */
export const scattered =
  (into: readonly number[], size: number, axis: number): Reference =>
  (...xs) => {
    const x = first(xs);
    const out = Array.from({ length: count(x.shape.with(axis, size)) }, () => 0);
    const shape = x.shape.with(axis, size);
    for (const i of indices(x.shape)) {
      const flat = shape.reduce((f, n, d) => f * n + ((d === axis ? into[i[d] ?? 0] : i[d]) ?? 0), 0);
      out[flat] = (out[flat] ?? 0) + at(x, i);
    }
    return { shape, data: out };
  };
