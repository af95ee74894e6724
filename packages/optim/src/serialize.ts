import { ArgumentError, array, Tensor, TensorError, tensor } from "@lodo/tensor";
import { type Entry, readSafetensors, writeSafetensors } from "./safetensors.ts";

/** Plain data: what the states of optimizers, tasks and runs are made of. */
export type Tree = Tensor | Int32Array | number | string | boolean | null | readonly Tree[] | { readonly [key: string]: Tree };

/** Bytes that are not what `serialize` writes: cut short, damaged, of another program or of a newer version of this one. */
export class FormatError extends TensorError {}

const FORMAT = "lodo-tree";
const VERSION = 1;
/** Deeper nesting than any state has; a cyclic tree gets here too. */
const MAX_DEPTH = 1000;

/**
 * The shape of a tree as JSON. What JSON says itself stands for itself; an object has one key, which says what it is. Numbers that JSON lacks (NaN,
 * ±Infinity, −0) are spelt out; tensors and Int32Arrays are named, and lie under that name in the file.
 */
type Node =
  | null
  | boolean
  | string
  | number
  | readonly Node[]
  | { readonly number: string }
  | { readonly tensor: string }
  | { readonly integers: string }
  | { readonly record: Readonly<Record<string, Node>> };

/**
 * A tree as the bytes of a safetensors file: each tensor and Int32Array under its dotted path (`optimizer.theta`), everything else as JSON in the
 * metadata, with a checksum. `deserialize` gives back the same bits; Python's safetensors opens the file as it is.
 * @throws ArgumentError naming the path of the first value that is no plain data (undefined, a function, an instance of a class), or a tree that
 * is cyclic or nested deeper than 1000.
 */
export function serialize(tree: unknown): Uint8Array {
  const entries = new Map<string, Entry>();
  const put = (path: string, entry: Entry): string => {
    let name = path === "" || path === "__metadata__" ? `${path}'` : path;
    while (entries.has(name)) name += "'";
    entries.set(name, entry);
    return name;
  };
  const encode = (value: unknown, path: string, depth: number): Node => {
    if (depth > MAX_DEPTH)
      throw new ArgumentError("serialize", `expected a tree nested at most ${MAX_DEPTH} deep, got a deeper or cyclic one`);
    if (value === null || typeof value === "boolean" || typeof value === "string") return value;
    if (typeof value === "number") return isJsonNumber(value) ? value : { number: Object.is(value, -0) ? "-0" : String(value) };
    if (value instanceof Tensor) {
      return { tensor: put(path, { dtype: value.dtype === "float64" ? "F64" : "F32", shape: value.shape, data: array(value) }) };
    }
    if (value instanceof Int32Array) return { integers: put(path, { dtype: "I32", shape: [value.length], data: value }) };
    const within = (key: string | number): string => (path === "" ? `${key}` : `${path}.${key}`);
    if (Array.isArray(value)) return Array.from(value, (child, i) => encode(child, within(i), depth + 1));
    if (isRecord(value)) {
      return { record: Object.fromEntries(Object.entries(value).map(([key, child]) => [key, encode(child, within(key), depth + 1)])) };
    }
    throw new ArgumentError("serialize", `expected plain data at ${path || "the root"}, got ${describe(value)}`);
  };
  const json = JSON.stringify(encode(tree, "", 0));
  return writeSafetensors(entries, { format: FORMAT, version: String(VERSION), tree: json });
}

/**
 * The tree that `serialize` wrote.
 * @throws FormatError saying what was expected and what was found, for any other bytes.
 */
export function deserialize(bytes: Uint8Array): Tree {
  const { entries, metadata, checksum } = readSafetensors(bytes, refuse);
  if (metadata["format"] !== FORMAT) {
    return refuse(`a file of format "${FORMAT}"`, metadata["format"] === undefined ? "one without a format" : `"${metadata["format"]}"`);
  }
  if (metadata["version"] !== String(VERSION)) return refuse(`format version ${VERSION}, the newest known here`, `${metadata["version"]}`);
  if (checksum && checksum.found !== checksum.stated)
    return refuse(`metadata and numbers of CRC-32 ${checksum.stated}`, `${checksum.found}: the file is damaged`);
  const unclaimed = new Set(entries.keys());
  const take = (name: unknown, dtypes: readonly string[], path: string): Entry => {
    const entry = typeof name === "string" ? entries.get(name) : undefined;
    if (!entry)
      return refuse(`an array ${JSON.stringify(name)} for ${path || "the root"}`, `only ${[...entries.keys()].join(", ") || "none"}`);
    if (!dtypes.includes(entry.dtype)) return refuse(`${dtypes.join(" or ")} numbers in ${name}`, entry.dtype);
    unclaimed.delete(name as string);
    return entry;
  };
  const decode = (node: unknown, path: string, depth: number): Tree => {
    if (depth > MAX_DEPTH) return refuse(`a tree nested at most ${MAX_DEPTH} deep`, "a deeper one");
    if (node === null || typeof node === "boolean" || typeof node === "string" || typeof node === "number") return node;
    const within = (key: string | number): string => (path === "" ? `${key}` : `${path}.${key}`);
    if (Array.isArray(node)) return node.map((child, i) => decode(child, within(i), depth + 1));
    const tagged = Object.entries(node as object);
    const [tag, content] = tagged[0] ?? [];
    if (tagged.length === 1 && tag === "number" && typeof content === "string" && Object.hasOwn(spelt, content))
      return spelt[content] as number;
    if (tagged.length === 1 && tag === "tensor") {
      const { dtype, shape, data } = take(content, ["F64", "F32"], path);
      return tensor(data, shape, { dtype: dtype === "F64" ? "float64" : "float32" });
    }
    if (tagged.length === 1 && tag === "integers") return take(content, ["I32"], path).data as Int32Array;
    if (tagged.length === 1 && tag === "record" && isRecord(content)) {
      return Object.fromEntries(Object.entries(content).map(([key, child]) => [key, decode(child, within(key), depth + 1)]));
    }
    return refuse(`a number, tensor, integers or record at ${path || "the root"}`, JSON.stringify(node).slice(0, 100));
  };
  const tree = decode(parseJson(metadata["tree"]), "", 0);
  if (unclaimed.size > 0) return refuse("arrays that the tree names", `also ${[...unclaimed].join(", ")}`);
  return tree;
}

const spelt: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
  "-0": -0,
};

const isJsonNumber = (value: number): boolean => Number.isFinite(value) && !Object.is(value, -0);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" &&
  value !== null &&
  (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null);

const describe = (value: unknown): string =>
  typeof value === "object" ? `an instance of ${(value as object).constructor?.name ?? "a class"}` : typeof value;

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return refuse("a tree as JSON in the metadata", text === undefined ? "none" : `"${text.slice(0, 40)}"`);
  }
}

function refuse(expected: string, found: string): never {
  throw new FormatError("deserialize", `expected ${expected}, found ${found}`);
}
