import { constant, integer, record, tuple } from "fast-check";
import { extent, shapes } from "../extents.ts";
import type { KernelCases } from "../kernelCases.ts";
import { dtypes, viewOf } from "../views.ts";

const shapeAndType = record({ shape: shapes, dtype: dtypes });

/** What only moves numbers about. */
export const layoutCases: readonly KernelCases[] = [
  {
    kernel: "contiguous",
    calls: shapeAndType.chain(({ shape, dtype }) => tuple(viewOf(shape, { dtype, numbers: "special" }))),
    tolerance: "exact",
  },
  {
    kernel: "concat",
    calls: shapeAndType
      .filter(({ shape }) => shape.length > 0)
      .chain(({ shape, dtype }) =>
        tuple(constant({ shape, dtype }), integer({ min: 0, max: shape.length - 1 }), tuple(extent(9), extent(9), extent(9))),
      )
      .chain(([{ shape, dtype }, axis, along]) =>
        tuple(tuple(...along.map((n) => viewOf(shape.with(axis, n), { dtype, numbers: "special" }))), constant(axis)),
      ),
    tolerance: "exact",
  },
  {
    kernel: "embed",
    calls: shapeAndType
      .chain(({ shape, dtype }) => {
        const each = tuple(...shape.map(() => record({ before: extent(3), after: extent(3), step: integer({ min: 1, max: 3 }) })));
        return tuple(viewOf(shape, { dtype, numbers: "special" }), each);
      })
      .map(([x, each]) => {
        const outer = x.shape.map(
          (n, d) => (each[d]?.before ?? 0) + Math.max(0, (n - 1) * (each[d]?.step ?? 1) + 1) + (each[d]?.after ?? 0),
        );
        return [x, outer, each.map(({ before }) => before), each.map(({ step }) => step)];
      }),
    tolerance: "exact",
  },
];
