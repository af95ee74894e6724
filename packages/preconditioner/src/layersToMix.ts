import { dense, type LinearOperator } from "./operator.ts";

/** For each output, the inputs that it depends on. */
type Pattern = readonly (readonly number[])[];

/** A stage of an operator; embeddings and permutations only move numbers about and are no layers. */
interface Stage {
  readonly pattern: Pattern;
  readonly isLayer: boolean;
}

/**
 * How many layers an operator takes until every input reaches every output: of G̃ where the operator is G̃ᵀ G̃ or G̃ᵀ D G̃, and one for an operator that is
 * computed at once. Null where that never happens. What depends on what is read from the structure, and from the entries that are not 0 where there is none,
 * so θ should be generic.
 */
export function layersToMix(A: LinearOperator): number | null {
  const stages = stagesOf(A);
  const inputs = A.shape[1];
  let reached: readonly Uint32Array[] = Array.from({ length: inputs }, (_, i) => only(i, inputs));
  let layers = 0;
  for (const { pattern, isLayer } of stages) {
    reached = pattern.map((sources) =>
      union(
        sources.map((j) => reached[j] as Uint32Array),
        inputs,
      ),
    );
    if (!isLayer) continue;
    layers++;
    if (reached.every((set) => holdsAll(set, inputs))) return layers;
  }
  return null;
}

/** What is applied, in the order of application. */
function stagesOf(A: LinearOperator): readonly Stage[] {
  const { structure } = A;
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
      return structure.permutations.map((P) => ({ pattern: Array.from(P, (_, i) => blockAround(P, i, k)), isLayer: true }));
    }
    case "embed":
    case "permutation":
      return [{ pattern: entriesOf(A), isLayer: false }];
    default:
      return [{ pattern: entriesOf(A), isLayer: true }];
  }
}

/** The units that a layer of blocks of side k reads for its output i. */
const blockAround = (P: Int32Array, i: number, k: number): readonly number[] => {
  const first = i - (i % k);
  return Array.from(P.subarray(first, first + k));
};

function entriesOf(A: LinearOperator): Pattern {
  const matrix = dense(A).storage;
  const [rows, cols] = A.shape;
  return Array.from({ length: rows }, (_, i) => Array.from({ length: cols }, (_, j) => j).filter((j) => matrix.get(i, j) !== 0));
}

function only(i: number, size: number): Uint32Array {
  const set = new Uint32Array(Math.ceil(size / 32));
  set[i >> 5] = 1 << (i & 31);
  return set;
}

function union(sets: readonly Uint32Array[], size: number): Uint32Array {
  const all = new Uint32Array(Math.ceil(size / 32));
  for (const set of sets) for (let word = 0; word < all.length; word++) all[word] = (all[word] as number) | (set[word] as number);
  return all;
}

const holdsAll = (set: Uint32Array, size: number): boolean => {
  for (let i = 0; i < size; i++) if ((((set[i >> 5] as number) >>> (i & 31)) & 1) === 0) return false;
  return true;
};
