import { array, item, log, vector } from "@lodo/tensor";
import type { Grid } from "../plots/heatMapImage.ts";
import { rosenbrockFunction } from "../tasks/rosenbrock.ts";
import { withArena } from "../withArena.ts";

/** The part of the plane that Figure 3 shows. */
export const valleyFrame = { x: [-1.2, 1.5], y: [-1, 2.5] } as const;

/** log(f + 10⁻³) at the centres of a grid over the frame of Figure 3. */
export function valleySurface(columns: number, rows: number): Grid & { readonly range: readonly [number, number] } {
  const centre = ([from, to]: readonly [number, number], i: number, n: number): number => from + ((i + 0.5) / n) * (to - from);
  const loss = (column: number, row: number): number =>
    item(rosenbrockFunction(vector([centre(valleyFrame.x, column, columns), centre(valleyFrame.y, row, rows)])));
  const losses = withArena((arena) =>
    Float64Array.from({ length: columns * rows }, (_, i) =>
      arena.run(
        () => loss(i % columns, Math.floor(i / columns)),
        () => [],
      ),
    ),
  );
  const values = Array.from(array(log(vector(losses.map((f) => f + 1e-3)))));
  return {
    columns,
    rows,
    at: (column, row) => values[row * columns + column] as number,
    range: [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))],
  };
}
