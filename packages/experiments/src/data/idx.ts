import { DataError } from "./errors.ts";

/** An array as the IDX format has it: unsigned bytes, row-major. */
export interface IdxArray {
  readonly shape: readonly number[];
  /** A view of the file's bytes, not a copy. */
  readonly values: Uint8Array;
}

/** What files of each rank hold, as the publishers of MNIST use the format. */
const contents: Readonly<Record<number, string>> = { 1: "labels", 3: "images" };

/** The format's names of element types, by their code. */
const elementTypes: Readonly<Record<number, string>> = {
  8: "unsigned bytes",
  9: "signed bytes",
  11: "int16",
  12: "int32",
  13: "float32",
  14: "float64",
};

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");

/**
 * Reads an IDX file of unsigned bytes: two zeros, the element type (08), the rank, each extent as four bytes, big-endian, then the elements
 * (LeCun, Cortes & Burges, "The MNIST database of handwritten digits").
 * @param source what errors call the file.
 * @param rank what the file must have: 3 for images, 1 for labels.
 * @throws DataError for another magic number, type or rank, for an extent of 0 but the first, and for a file longer or shorter than its header says.
 */
export function parseIdx(bytes: Uint8Array, source: string, rank: number): IdxArray {
  const headerBytes = 4 + 4 * rank;
  checkMagic(bytes, source, rank);
  if (bytes.length < headerBytes) throw new DataError(`${source}: expected a header of ${headerBytes} bytes, found ${bytes.length} in all`);
  const header = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  const shape = Array.from({ length: rank }, (_, axis) => header.getUint32(4 + 4 * axis));
  if (shape.slice(1).includes(0)) throw new DataError(`${source}: expected extents of at least 1, found ${shape.join("×")}`);
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (bytes.length !== headerBytes + size) {
    const found = bytes.length < headerBytes + size ? "it is cut short" : "there is more";
    throw new DataError(
      `${source}: expected ${headerBytes + size} bytes (${shape.join("×")} and a header of ${headerBytes}), found ${bytes.length}: ${found}`,
    );
  }
  return { shape, values: bytes.subarray(headerBytes) };
}

/** @throws DataError unless the file begins as an IDX file of unsigned bytes of this rank does. */
function checkMagic(bytes: Uint8Array, source: string, rank: number): void {
  const [first, second, type, foundRank] = bytes;
  if (first === 0 && second === 0 && type === 8 && foundRank === rank) return;
  const wanted = contents[rank] ?? `rank ${rank}`;
  const expected = `expected an IDX file of ${wanted}, which begins ${hex(Uint8Array.of(0, 0, 8, rank))}`;
  throw new DataError(`${source}: ${expected}; found ${describeStart(bytes.subarray(0, 4))}`);
}

function describeStart(magic: Uint8Array): string {
  const [first, second, type, rank] = magic;
  if (magic.length < 4) return `${magic.length} bytes in all`;
  const elements = elementTypes[type as number];
  if (first !== 0 || second !== 0 || elements === undefined) return hex(magic);
  const what = type === 8 ? (contents[rank as number] ?? `rank ${rank}`) : elements;
  return `${hex(magic)}: one of ${what}`;
}
