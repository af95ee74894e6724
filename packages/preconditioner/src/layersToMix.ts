import { dense, type LinearOperator } from "./operator.ts";

/** A stage of an operator; embeddings and permutations only move numbers about and are no layers. */
interface Stage {
  readonly rows: number;
  /** The units before that the output i depends on. */
  readonly sources: (i: number) => readonly number[];
  readonly isLayer: boolean;
}

export interface MixingOptions {
  /** How many inputs, the first, are followed: all of them unless told. Memory and time grow with it. */
  readonly inputs?: number;
}

/**
 * How many layers an operator takes until every input reaches every output: of G̃ where the operator is G̃ᵀ G̃ or G̃ᵀ D G̃, and one for an operator that is
 * computed at once. Null where that never happens. What depends on what is read from the structure, and from the entries that are not 0 where there is none,
 * so θ should be generic. Of some inputs alone it is a lower bound.
 */
export function layersToMix(A: LinearOperator, { inputs = A.shape[1] }: MixingOptions = {}): number | null {
  const words = Math.ceil(inputs / 32);
  // A row of bits for each unit: the inputs that have reached it.
  let reached: Uint32Array = new Uint32Array(A.shape[1] * words);
  for (let i = 0; i < inputs; i++) reached[i * words + (i >> 5)] = 1 << (i & 31);
  let layers = 0;
  for (const stage of stagesOf(A)) {
    reached = through(stage, reached, words);
    if (!stage.isLayer) continue;
    layers++;
    if (everyBit(reached, words, inputs)) return layers;
  }
  return null;
}

function through({ rows, sources }: Stage, reached: Uint32Array, words: number): Uint32Array {
  const next = new Uint32Array(rows * words);
  for (let i = 0; i < rows; i++) {
    for (const j of sources(i)) {
      for (let w = 0; w < words; w++) next[i * words + w] = (next[i * words + w] as number) | (reached[j * words + w] as number);
    }
  }
  return next;
}

function everyBit(reached: Uint32Array, words: number, inputs: number): boolean {
  const last = inputs % 32 === 0 ? 0xffff_ffff : 2 ** (inputs % 32) - 1;
  return reached.every((word, at) => word === (at % words === words - 1 ? last : 0xffff_ffff));
}

/** What is applied, in the order of application. */
function stagesOf(A: LinearOperator): readonly Stage[] {
  const { structure } = A;
  const [rows, cols] = A.shape;
  switch (structure.kind) {
    case "scale":
    case "gram":
      return stagesOf(structure.of);
    case "congruence":
      return stagesOf(structure.by);
    case "compose":
      return structure.parts.toReversed().flatMap(stagesOf);
    case "chain": {
      const k = structure.layers.shape[2] as number;
      return structure.permutations.map((P) => ({ rows, sources: (i) => blockAround(P, i, k), isLayer: true }));
    }
    case "residualChain":
      return structure.permutations.map((P) => ({ rows, sources: (i) => [i, P[i] as number], isLayer: true }));
    case "embed":
      return [{ rows, sources: (i) => (i < cols ? [i] : []), isLayer: false }];
    case "permutation":
      return [{ rows, sources: (i) => [structure.indices[i] as number], isLayer: false }];
    default:
      return [{ rows, sources: entriesOf(A), isLayer: true }];
  }
}

/** The units that a layer of blocks of side k reads for its output i. */
const blockAround = (P: Int32Array, i: number, k: number): readonly number[] => {
  const first = i - (i % k);
  return Array.from(P.subarray(first, first + k));
};

function entriesOf(A: LinearOperator): Stage["sources"] {
  const matrix = dense(A).storage;
  const [, cols] = A.shape;
  return (i) => Array.from({ length: cols }, (_, j) => j).filter((j) => matrix.get(i, j) !== 0);
}
