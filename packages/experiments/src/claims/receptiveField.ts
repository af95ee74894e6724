import { chain, dense } from "@lodo/preconditioner";
import { array, createRng, ones, permutation, portable, type Rng } from "@lodo/tensor";
import fc from "fast-check";
import { boundMargin, sampleMean } from "./apparatus/bounds.ts";
import { seeds } from "./apparatus/cases.ts";
import { type Claim, defineClaim } from "./claim.ts";

interface Case {
  readonly k: number;
  /** ñ/k */
  readonly blocks: number;
  readonly seed: number;
}

interface Subject {
  /** The next P. */
  readonly permutation: (rng: Rng, ñ: number, k: number) => Int32Array;
  /** Which entries of G̃ are not zero whatever the positive blocks, row by row. */
  readonly pattern: (permutations: readonly Int32Array[], k: number) => readonly boolean[];
}

const subject: Subject = {
  permutation,
  pattern(P, k) {
    const ñ = (P[0] as Int32Array).length;
    return Array.from(array(dense(chain(P, ones([P.length, ñ / k, k, k])))), (entry) => entry !== 0);
  },
};

const draws = 8;
/** Layers after which a draw counts as never mixing. */
const patience = 64;

export const receptiveField: Claim = defineClaim<Case, Subject>({
  id: "receptive-field",
  reference: "Section 3",
  statement:
    "The receptive field of an output grows by the factor k a layer: no output sees every input before log_k ñ layers, and over uniformly random permutations every output sees every input after on average at most log_k ñ + log_k(2 log ñ) + 3/2, so depth need not be much larger than log_k ñ; the last inputs cost the double logarithm, as what is still unseen is raised to the power k a layer.",
  status: "argued",
  cases: fc
    .integer({ min: 2, max: 8 })
    .chain((k) => fc.record({ k: fc.constant(k), blocks: fc.integer({ min: 1, max: Math.floor(192 / k) }), seed: seeds })),
  runs: 60,
  subject,
  wrong: {
    "no permutations": { ...subject, permutation: (_, ñ) => Int32Array.from({ length: ñ }, (_, i) => i) },
    "permutations of whole blocks": {
      ...subject,
      permutation(rng, ñ, k) {
        const order = permutation(rng, ñ / k);
        return Int32Array.from({ length: ñ }, (_, q) => (order[Math.floor(q / k)] as number) * k + (q % k));
      },
    },
    "a missing transpose: of G̃": {
      ...subject,
      pattern(P, k) {
        const ñ = (P[0] as Int32Array).length;
        const entries = subject.pattern(P, k);
        return entries.map((_, at) => entries[(at % ñ) * ñ + Math.floor(at / ñ)] as boolean);
      },
    },
  },
  margin({ k, blocks, seed }, { permutation, pattern }) {
    const rng = createRng(seed);
    const ñ = k * blocks;
    const [log, slack] = [portable.log(ñ) / portable.log(k), portable.log(2 * portable.log(ñ)) / portable.log(k) + 1.5];
    const depths = Array.from({ length: draws }, () => {
      let fields = ownInputs(ñ);
      let layers = 0;
      while (!fields.every(full(ñ)) && layers < patience) {
        fields = grown(fields, permutation(rng, ñ, k), k);
        layers++;
      }
      return layers;
    });
    const { mean, error } = sampleMean(depths);
    const P = Array.from({ length: Math.max(1, Math.floor(log)) }, () => permutation(rng, ñ, k));
    return Math.min(
      // k^M < ñ inputs at most are seen before.
      k ** Math.min(...depths) >= ñ ? 1 : -1,
      // One layer does for one block, where the second logarithm is not above 0.
      blocks === 1 ? 1 : boundMargin(mean - 6 * error, log + slack),
      ñ > 32 ||
        agrees(
          pattern(P, k),
          P.reduce((fields, Pᵢ) => grown(fields, Pᵢ, k), ownInputs(ñ)),
        )
        ? 1
        : -1,
    );
  },
});

/** A set of inputs, 32 to a word. */
type Field = Int32Array;

const ownInputs = (ñ: number): readonly Field[] =>
  Array.from({ length: ñ }, (_, i) => {
    const field = new Int32Array(Math.ceil(ñ / 32));
    field[i >> 5] = 1 << (i & 31);
    return field;
  });

const has = (field: Field, input: number): boolean => (((field[input >> 5] as number) >> (input & 31)) & 1) === 1;

const full =
  (ñ: number) =>
  (field: Field): boolean => {
    for (let input = 0; input < ñ; input++) if (!has(field, input)) return false;
    return true;
  };

/** A layer: every unit of a block sees what the units brought to the block saw. */
function grown(fields: readonly Field[], P: Int32Array, k: number): readonly Field[] {
  const seen = Array.from({ length: P.length / k }, (_, b) => {
    const union = (fields[0] as Field).map(() => 0);
    for (const from of P.subarray(k * b, k * (b + 1))) {
      for (const [w, word] of (fields[from] as Field).entries()) union[w] = (union[w] as number) | word;
    }
    return union;
  });
  return Array.from(P, (_, q) => seen[Math.floor(q / k)] as Field);
}

const agrees = (pattern: readonly boolean[], fields: readonly Field[]): boolean =>
  fields.every((field, i) => fields.every((_, j) => pattern[i * fields.length + j] === has(field, j)));
