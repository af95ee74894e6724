import { type DType, emptyStorage, type Strided } from "@lodo/tensor";
import { pick } from "../exports.ts";
import { bytesOf, type Machine } from "../machine.ts";
import { referenceOf } from "../reference.ts";

/** Long sums are taken in pieces, and then the sums of the pieces: in numbers along a row, and in rows. */
const ROW_PIECE = 2 ** 14;
const COLUMN_PIECE = 2 ** 10;

/** Below so many numbers a call costs more than the reference does. */
const LEAST = 128;

type Reduction = (x: Strided, axes: readonly number[]) => Strided;

/** Reductions over all axes, the leading or the trailing ones; over others, the reference's. Which, and in what order, the shape alone decides. */
export function reduceKernels(machine: Machine): Record<string, (...args: never) => unknown> {
  return { sum: reduction(machine, "sum"), max: reduction(machine, "max") };
}

function reduction(machine: Machine, name: "sum" | "max"): Reduction {
  const reference = referenceOf<Reduction>(name);
  const overRows = pick(machine.exports, `${name}Rows`);
  const overColumns = pick(machine.exports, `${name}Columns`);
  return (x, axes) => {
    const kept = axesAtOneEnd(x.shape, axes);
    if (!kept || x.size < LEAST) return reference(x, axes);
    const dtype = x.dtype as DType;
    const bytes = bytesOf(dtype);
    const reduced = new Set(axes);
    const out = emptyStorage(
      x.shape.map((n, d) => (reduced.has(d) ? 1 : n)),
      dtype,
    );
    const count = x.size / out.size;
    machine.call((frame) => {
      const [from, to] = [frame.dense(x), frame.result(out)];
      if (kept === "trailing") {
        const pieces = Math.ceil(count / COLUMN_PIECE);
        const sums = pieces === 1 ? to : frame.scratch(pieces * out.size * bytes);
        frame.share(overColumns[dtype], [from, sums, 0, pieces, count, COLUMN_PIECE, out.size], 2, pieces, { nanoseconds: 0.3 * x.size });
        if (pieces > 1) overColumns[dtype](sums, to, 0, 1, pieces, pieces, out.size);
      } else if (count <= 2 * ROW_PIECE) overRows[dtype](from, to, 0, out.size, count);
      else {
        const pieces = Math.floor(count / ROW_PIECE);
        const left = count - pieces * ROW_PIECE;
        const sums = frame.scratch((pieces + 1) * bytes);
        for (let row = 0; row < out.size; row++) {
          const start = from + row * count * bytes;
          overRows[dtype](start, sums, 0, pieces, ROW_PIECE);
          overRows[dtype](start + pieces * ROW_PIECE * bytes, sums + pieces * bytes, 0, 1, left);
          overRows[dtype](sums, to + row * bytes, 0, 1, pieces + 1);
        }
      }
    });
    return out;
  };
}

/** Which axes stay: the leading ones (all reduced ones stand at the end, as where all are), or the trailing; null where they are mixed, or all stay. */
function axesAtOneEnd(shape: readonly number[], axes: readonly number[]): "leading" | "trailing" | null {
  const reduced = shape.flatMap((n, d) => (n === 1 ? [] : [axes.includes(d)]));
  const changes = reduced.filter((r, i) => i > 0 && r !== reduced[i - 1]).length;
  if (changes > 1 || !reduced.includes(true)) return null;
  return reduced.at(-1) ? "leading" : "trailing";
}
