/** Axes that a pass walks, outermost first: extents, and the strides of every view. */
export interface Walk {
  readonly shape: readonly number[];
  readonly strides: readonly (readonly number[])[];
}

/** Merges neighbouring axes wherever every view goes from the end of one into the next; drops those of extent 1. */
export function merged(shape: readonly number[], views: readonly { readonly stride: readonly number[] }[]): Walk {
  const extents: number[] = [];
  const strides: number[][] = views.map(() => []);
  shape.forEach((n, d) => {
    if (n === 1) return;
    const last = extents.length - 1;
    const runsOn = last >= 0 && views.every(({ stride }, v) => (strides[v] as number[])[last] === n * (stride[d] as number));
    if (runsOn) {
      extents[last] = n * (extents[last] as number);
      views.forEach(({ stride }, v) => {
        (strides[v] as number[])[last] = stride[d] as number;
      });
      return;
    }
    extents.push(n);
    views.forEach(({ stride }, v) => {
      (strides[v] as number[]).push(stride[d] as number);
    });
  });
  return { shape: extents, strides };
}

/** The coordinates of a row-major index (an expression of integers) in a shape, as expressions of integers. */
export function coordinates(index: string, shape: readonly number[]): string[] {
  let inner = 1;
  const out: string[] = [];
  for (let d = shape.length - 1; d >= 0; d--) {
    const n = shape[d] as number;
    const above = inner === 1 ? index : `quotient(${index}, ${inner})`;
    out.unshift(n === 1 ? "0" : d === 0 ? above : `remainder(${above}, ${n})`);
    inner *= n;
  }
  return out;
}

/** Σ coordinate·stride + offset, as an expression of integers. */
export function position(offset: string, at: readonly string[], stride: readonly number[]): string {
  const terms = at.flatMap((i, d) => {
    const s = stride[d] as number;
    return s === 0 || i === "0" ? [] : [s === 1 ? i : s < 0 ? `(${i}) * (${s})` : `(${i}) * ${s}`];
  });
  return [offset, ...terms].join(" + ");
}

/** Strides of dense memory in row-major order. */
export const denseStrides = (shape: readonly number[]): number[] => shape.map((_, d) => shape.slice(d + 1).reduce((a, n) => a * n, 1));

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, n) => a * n, 1);
