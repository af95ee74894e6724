import { ArgumentError, ShapeError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import { gather } from "./gather.ts";
import { matmul } from "./linalg.ts";
import { sum } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { transpose } from "./transpose.ts";

/** A tensor whose axes have names, one letter each. */
interface Labelled {
  readonly labels: string;
  readonly x: Tensor;
}

/**
 * Σ over the letters that are missing on the right of products over those that repeat: `einsum("ij,jk->ik", A, B)` is A B, `"ii->"` the
 * trace. Two tensors at a time are contracted from the left, each contraction one matrix product.
 * @throws ArgumentError if the formula cannot be read, ShapeError if an operand does not fit it.
 */
export function einsum(formula: string, ...operands: readonly Tensor[]): Tensor {
  const match = /^([a-zA-Z]*(?:,[a-zA-Z]*)*)->([a-zA-Z]*)$/.exec(formula.replaceAll(" ", ""));
  if (!match) throw new ArgumentError("einsum", `formula must look like "ij,jk->ik", got "${formula}"`);
  const inputs = (match[1] as string).split(",");
  const output = match[2] as string;
  if (inputs.length !== operands.length) {
    throw new ArgumentError("einsum", `"${formula}" names ${inputs.length} operands, got ${operands.length}`);
  }
  if (new Set(output).size !== output.length) throw new ArgumentError("einsum", `a letter repeats on the right of "${formula}"`);
  const unknown = [...output].find((l) => !inputs.some((labels) => labels.includes(l)));
  if (unknown) throw new ArgumentError("einsum", `"${unknown}" stands only on the right of "${formula}"`);
  checkExtents(formula, inputs, operands);

  const terms = inputs.map((labels, i) => diagonals({ labels, x: operands[i] as Tensor }));
  const result = terms.reduce((left, right, i) => {
    const later =
      terms
        .slice(i + 1)
        .map((t) => t.labels)
        .join("") + output;
    return contract(left, right, later);
  });
  const kept = sumOut(result, output);
  return transpose(
    kept.x,
    [...output].map((l) => kept.labels.indexOf(l)),
  );
}

function checkExtents(formula: string, inputs: readonly string[], operands: readonly Tensor[]): void {
  const extents = new Map<string, number>();
  for (const [i, labels] of inputs.entries()) {
    const { shape } = operands[i] as Tensor;
    if (labels.length !== shape.length)
      throw new ShapeError("einsum", `operand ${i} of "${formula}" must have rank ${labels.length}, got [${shape}]`);
    for (const [d, label] of [...labels].entries()) {
      const n = extents.get(label) ?? (shape[d] as number);
      if (n !== shape[d]) throw new ShapeError("einsum", `"${label}" in "${formula}" is ${n} in one place and ${shape[d]} in operand ${i}`);
      extents.set(label, n);
    }
  }
}

/** The diagonal where a letter repeats within one operand: "iij" → "ij". */
function diagonals({ labels, x }: Labelled): Labelled {
  const again = [...labels].findIndex((l, d) => labels.indexOf(l) !== d);
  if (again === -1) return { labels, x };
  const first = labels.indexOf(labels[again] as string);
  const n = x.shape[first] as number;
  const rest = x.shape.map((_, d) => d).filter((d) => d !== first && d !== again);
  const square = transpose(x, [first, again, ...rest]);
  const shape = rest.map((d) => x.shape[d] as number);
  const rows = gather(
    reshape(square, [n * n, ...shape]),
    Int32Array.from({ length: n }, (_, i) => i * n + i),
  );
  return diagonals({ labels: (labels[first] as string) + rest.map((d) => labels[d]).join(""), x: rows });
}

/** Sums away the letters that nobody needs any more. */
function sumOut({ labels, x }: Labelled, needed: string): Labelled {
  const axes = [...labels].flatMap((l, d) => (needed.includes(l) ? [] : [d]));
  return { labels: [...labels].filter((l) => needed.includes(l)).join(""), x: axes.length === 0 ? x : sum(x, { axes }) };
}

/** The product of two terms, summed over what they share and nobody needs later: one batched matrix product. */
function contract(a: Labelled, b: Labelled, later: string): Labelled {
  const left = sumOut(a, b.labels + later);
  const right = sumOut(b, a.labels + later);
  const shared = [...left.labels].filter((l) => right.labels.includes(l));
  const batch = shared.filter((l) => later.includes(l)).join("");
  const inner = shared.filter((l) => !later.includes(l)).join("");
  const rows = [...left.labels].filter((l) => !shared.includes(l)).join("");
  const cols = [...right.labels].filter((l) => !shared.includes(l)).join("");
  const x = matmul(group(left, [batch, rows, inner]), group(right, [batch, inner, cols]));
  const extent = (l: string): number => {
    const from = left.labels.includes(l) ? left : right;
    return from.x.shape[from.labels.indexOf(l)] as number;
  };
  const labels = batch + rows + cols;
  return { labels, x: reshape(x, [...labels].map(extent)) };
}

/** The axes in three groups, each merged into one. */
function group({ labels, x }: Labelled, groups: readonly string[]): Tensor {
  const size = (letters: string): number => [...letters].reduce((n, l) => n * (x.shape[labels.indexOf(l)] as number), 1);
  return reshape(
    transpose(
      x,
      [...groups.join("")].map((l) => labels.indexOf(l)),
    ),
    groups.map(size),
  );
}
