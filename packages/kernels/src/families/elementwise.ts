import { type DType, emptyStorage, isContiguous, type Strided, view } from "@lodo/tensor";
import { asRows, spanOf } from "../broadcast.ts";
import { pick, type WasmFunction } from "../exports.ts";
import { bytesOf, type Frame, type Machine } from "../machine.ts";
import { referenceOf } from "../reference.ts";

const UNARY = ["neg", "abs", "sqrt", "sign"] as const;
/** In float32 alone; in float64 they are the reference's, to the bit. */
const TRANSCENDENTAL = ["exp", "log", "tanh", "sigmoid", "atan"] as const;
const BINARY = ["add", "sub", "mul", "div", "maximum", "minimum", "greater", "greaterEqual", "equal", "atanGradient"] as const;

/** Below so many numbers a call costs more than the reference does, which computes the same bits where an operation rounds once or not at all. */
const LEAST = 128;

/** Numbers in a line of the cache: threads write to no line together. */
const LINE = 16;
/** Numbers that one thread takes in a row. */
const STRETCH = 4096;

type Kernels = Record<string, (...args: never) => unknown>;

/** Elementwise maps. Operands may repeat along axes as broadcasting has it; what is strided in other ways is copied first. */
export function elementwiseKernels(machine: Machine): Kernels {
  const castTo = pick(machine.exports, "castTo");
  return {
    ...Object.fromEntries(BINARY.map((name) => [name, overRows(machine, name)])),
    ...Object.fromEntries([...UNARY, ...TRANSCENDENTAL].map((name) => [name, unary(machine, name)])),
    select: overRows(machine, "select"),
    cast(x: Strided, dtype: DType): Strided {
      if (x.dtype === dtype) return referenceOf<Cast>("cast")(x, dtype);
      const out = emptyStorage(x.shape, dtype);
      machine.call((frame) => castTo[dtype](frame.dense(x), frame.result(out), 0, out.size));
      return out;
    },
  };
}

type Reference = (...views: Strided[]) => Strided;
type Cast = (x: Strided, dtype: DType) => Strided;

function unary(machine: Machine, name: (typeof UNARY | typeof TRANSCENDENTAL)[number]): (x: Strided) => Strided {
  const run: Readonly<Partial<Record<DType, WasmFunction>>> = pick(machine.exports, name);
  const reference = referenceOf<Reference>(name);
  const exact = (UNARY as readonly string[]).includes(name);
  return (x) => {
    const f = run[x.dtype as DType];
    if (!f || (exact && x.size < LEAST)) return reference(x);
    const out = emptyStorage(x.shape, x.dtype as DType);
    const cost = { nanoseconds: exact ? 0.4 * x.size : 1.2 * x.size, grain: LINE };
    machine.call((frame) => frame.share(f, [frame.dense(x), frame.result(out), 0, out.size], 2, out.size, cost));
    return out;
  };
}

/** A function of so many operands, each an address, a stride from row to row, and whether its number stands still along a row. */
function overRows(machine: Machine, name: (typeof BINARY)[number] | "select"): (...views: Strided[]) => Strided {
  const run = pick(machine.exports, name);
  const reference = referenceOf<Reference>(name);
  const exact = name !== "atanGradient";
  return (...views) => {
    const [first, second] = views as [Strided, Strided];
    if (exact && first.size < LEAST) return reference(...views);
    const dtype = second.dtype as DType;
    const out = emptyStorage(first.shape, dtype);
    if (out.size === 0) return out;
    machine.call((frame) => {
      const args: number[] = [];
      const rows = views.every(isContiguous) || !views.every((x) => worthCopying(frame, x)) ? null : asRows(views);
      if (rows) {
        const size = bytesOf(dtype);
        views.forEach((x, i) => {
          args.push(placed(frame, x), (rows.row[i] as number) * size, rows.col[i] === 0 ? 1 : 0);
        });
        args.push(frame.result(out), 0, rows.rows, rows.cols);
        frame.share(run[dtype], args, 3 * views.length + 1, rows.rows, { nanoseconds: 0.4 * out.size });
        return;
      }
      // As rows of one length, so that threads can share them, and what is left.
      const whole = Math.floor(out.size / STRETCH);
      const bytes = STRETCH * bytesOf(dtype);
      const [at, to] = [views.map((x) => frame.dense(x)), frame.result(out)];
      if (whole > 0) {
        for (const x of at) args.push(x, bytes, 0);
        args.push(to, 0, whole, STRETCH);
        frame.share(run[dtype], args, 3 * views.length + 1, whole, { nanoseconds: 0.4 * out.size });
      }
      const rest = out.size - whole * STRETCH;
      if (rest > 0) run[dtype](...at.flatMap((x) => [x + whole * bytes, 0, 0]), to + whole * bytes, 0, 1, rest);
    });
    return out;
  };
}

/** Of memory that is not on the heap, all that a view spans is copied: not much more than is computed. */
const MOST_COPIED = 2;

const worthCopying = (frame: Frame, x: Strided): boolean => frame.lies(x) || spanOf(x).length <= MOST_COPIED * x.size;

/** Where a view's first number stands, with its own strides. */
function placed(frame: Frame, x: Strided): number {
  if (frame.lies(x)) return frame.address(x);
  const { length, start } = spanOf(x);
  const bytes = x.data.BYTES_PER_ELEMENT;
  return frame.dense(view(x, [length], [1], x.offset - start)) + start * bytes;
}
