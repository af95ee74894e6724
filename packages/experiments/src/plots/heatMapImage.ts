import { encode } from "fast-png";

/** Numbers on a grid: columns from left to right, rows from the bottom up. */
export interface Grid {
  readonly columns: number;
  readonly rows: number;
  at(column: number, row: number): number;
}

/** A grid as a PNG in a data URL, one pixel a cell, coloured from `shades[0]` (as "#rrggbb") at `low` to the last shade at `high`. */
export function heatMapImage(grid: Grid, [low, high]: readonly [number, number], shades: readonly string[]): string {
  const stops = shades.map(channels);
  const data = new Uint8Array(3 * grid.columns * grid.rows);
  for (let row = 0; row < grid.rows; row++) {
    for (let column = 0; column < grid.columns; column++) {
      const fraction = (grid.at(column, row) - low) / (high - low);
      data.set(mix(stops, Math.min(1, Math.max(0, fraction))), 3 * ((grid.rows - 1 - row) * grid.columns + column));
    }
  }
  const png = encode({ width: grid.columns, height: grid.rows, channels: 3, depth: 8, data });
  return `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
}

const channels = (shade: string): readonly number[] => [1, 3, 5].map((at) => Number.parseInt(shade.slice(at, at + 2), 16));

/** The colour at a fraction of the way along the stops, linear in RGB between neighbours. */
function mix(stops: readonly (readonly number[])[], fraction: number): readonly number[] {
  const at = fraction * (stops.length - 1);
  const left = Math.min(stops.length - 2, Math.floor(at));
  return [0, 1, 2].map((c) => {
    const [from, to] = [stops[left]?.[c] ?? 0, stops[left + 1]?.[c] ?? 0];
    return Math.round(from + (at - left) * (to - from));
  });
}
