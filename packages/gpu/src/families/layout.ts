import { isContiguous, type Strided } from "@lodo/tensor";
import type { Rule } from "../rule.ts";
import { coordinates, position, sizeOf } from "../source/positions.ts";
import { mapOnDevice } from "./elementwise.ts";

/** The same numbers, dense. A view in ordinary memory stays there: copying it is no work for a device. */
export const contiguous: Rule<readonly [x: Strided]> = {
  name: "contiguous",
  operands: (x) => [x],
  work: () => 0,
  run: (bench, x) => (isContiguous(x) ? null : mapOnDevice(bench, "return a;", [x])),
};

/** x at `start` with steps of `step`, in zeros. */
export const embed: Rule<readonly [x: Strided, shape: readonly number[], start: readonly number[], step: readonly number[]]> = {
  name: "embed",
  operands: (x) => [x],
  work: (_, shape) => sizeOf(shape),
  run: (bench, x, shape, start, step) => {
    const { texels, offset } = bench.place(x);
    const inside: string[] = [];
    const at = coordinates("this.thread.x", shape).map((i, d) => {
      const [s, n, first] = [step[d] as number, x.shape[d] as number, start[d] as number];
      // Counted from where x begins: in its own direction.
      const along = s < 0 ? `(${first} - (${i}))` : `((${i}) - ${first})`;
      const every = Math.abs(s);
      inside.push(`${along} >= 0`, `${along} < ${(n - 1) * every + 1}`);
      if (every !== 1) inside.push(`remainder(${along}, ${every}) === 0`);
      return every === 1 ? along : `quotient(${along}, ${every})`;
    });
    const load = `y = x[${position("o", at, x.stride)}];`;
    const source = `function (x, o) { let y = 0.0; ${inside.length ? `if (${inside.join(" && ")}) { ${load} }` : load} return y; }`;
    return bench.result(shape, { source, size: sizeOf(shape), packed: false }, [texels], { integers: [offset] });
  },
};
