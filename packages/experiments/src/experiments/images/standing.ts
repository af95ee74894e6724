import type { Row } from "../row.ts";

/** The rows of a column that have a mean, the best first: the least, unless the greatest are best. */
export const ranked = (rows: readonly Row[], column: string, best: "least" | "greatest" = "least"): readonly Row[] =>
  rows
    .filter((row) => row.column === column && row.mean !== null)
    .sort((a, b) => (best === "least" ? 1 : -1) * ((a.mean ?? 0) - (b.mean ?? 0)));

/** `lodo with 0.6890, adam with 0.8090` */
export const inOrder = (rows: readonly Row[]): string =>
  rows.map(({ name, mean }) => `${name} with ${(mean ?? Number.NaN).toPrecision(4)}`).join(", ");
