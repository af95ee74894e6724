import type { Strided } from "@lodo/tensor";

/** How views of one shape are walked as rows: strides in numbers, and along a row 1, or 0 where one number stands still. */
export interface Rows {
  readonly rows: number;
  readonly cols: number;
  /** From row to row, and along a row, of each view. */
  readonly row: readonly number[];
  readonly col: readonly number[];
}

/** The views as rows of a matrix, if their axes fall together to two at most and along a row some numbers are dense and the others stand still; null else. */
export function asRows(views: readonly Strided[]): Rows | null {
  const { shape } = views[0] as Strided;
  let [cols, rows] = [1, 1];
  let col: readonly number[] | null = null;
  let row: readonly number[] | null = null;
  for (let d = shape.length - 1; d >= 0; d--) {
    const n = shape[d] as number;
    if (n === 1) continue;
    const stride = views.map((x) => x.stride[d] as number);
    if (!row && (!col || fits(stride, col, cols))) {
      col ??= stride;
      cols *= n;
    } else if (!row || fits(stride, row, rows)) {
      row ??= stride;
      rows *= n;
    } else return null;
  }
  col ??= views.map(() => 1);
  row ??= views.map(() => 0);
  return col.every((s) => s === 0 || s === 1) && col.includes(1) ? { rows, cols, row, col } : null;
}

/** Does an axis go on where `count` steps of the axis inside of it end, in every view? */
const fits = (stride: readonly number[], inner: readonly number[], count: number): boolean =>
  stride.every((s, i) => s === (inner[i] as number) * count);

/** The numbers between the first and the last of a view in memory, and where among them the view begins. */
export function spanOf({ shape, stride, size }: Strided): { readonly length: number; readonly start: number } {
  let [start, end] = [0, 0];
  stride.forEach((s, d) => {
    const reach = s * ((shape[d] as number) - 1);
    if (reach < 0) start -= reach;
    else end += reach;
  });
  return size === 0 ? { length: 0, start: 0 } : { length: start + end + 1, start };
}
