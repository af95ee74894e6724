import CRC32 from "crc-32";
import { z } from "zod";

/** One array of a file, its numbers in row-major order. */
export interface Entry {
  readonly dtype: "F64" | "F32" | "I32";
  readonly shape: readonly number[];
  readonly data: Float64Array | Float32Array | Int32Array;
}

export interface Safetensors {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly metadata: Readonly<Record<string, string>>;
  /** The checksum that the file states, and that of what is in it; null where it states none. */
  readonly checksum: { readonly stated: string; readonly found: string } | null;
}

/** Bytes of a number, how it is written and read, and its array. Everything in a file is little-endian. */
const codecs: {
  readonly [D in Entry["dtype"]]: {
    readonly bytes: number;
    readonly create: (length: number) => Entry["data"];
    readonly put: (view: DataView, at: number, value: number) => void;
    readonly get: (view: DataView, at: number) => number;
  };
} = {
  F64: {
    bytes: 8,
    create: (length) => new Float64Array(length),
    put: (view, at, value) => view.setFloat64(at, value, true),
    get: (view, at) => view.getFloat64(at, true),
  },
  F32: {
    bytes: 4,
    create: (length) => new Float32Array(length),
    put: (view, at, value) => view.setFloat32(at, value, true),
    get: (view, at) => view.getFloat32(at, true),
  },
  I32: {
    bytes: 4,
    create: (length) => new Int32Array(length),
    put: (view, at, value) => view.setInt32(at, value, true),
    get: (view, at) => view.getInt32(at, true),
  },
};

const natural = z.number().int().nonnegative();
const entrySchema = z.object({ dtype: z.enum(["F64", "F32", "I32"]), shape: z.array(natural), data_offsets: z.tuple([natural, natural]) });
const metadataSchema = z.record(z.string(), z.string());

/** Longest header that the format allows. */
const MAX_HEADER = 100_000_000;
const METADATA = "__metadata__";

/** CRC-32 of metadata and numbers, 8 hexadecimal digits: where a single bit is another, so is it. */
function checksumOf(metadata: Readonly<Record<string, string>>, numbers: Uint8Array): string {
  const crc = CRC32.buf(numbers, CRC32.str(JSON.stringify(metadata)));
  return (crc >>> 0).toString(16).padStart(8, "0");
}

/**
 * The bytes of a safetensors file (https://github.com/huggingface/safetensors#format): the header's length in 8 bytes, the header as JSON padded with
 * spaces to a multiple of 8, the numbers. Arrays of 8-byte numbers come first, so that every array is aligned. The metadata get a checksum, `crc32`.
 */
export function writeSafetensors(entries: ReadonlyMap<string, Entry>, metadata: Readonly<Record<string, string>>): Uint8Array {
  const wide = [...entries].filter(([, { dtype }]) => codecs[dtype].bytes === 8);
  const narrow = [...entries].filter(([, { dtype }]) => codecs[dtype].bytes !== 8);
  const ordered = [...wide, ...narrow];
  let end = 0;
  const located = ordered.map(([name, { dtype, shape, data }]) => {
    const start = end;
    end += data.length * codecs[dtype].bytes;
    return [name, { dtype, shape, data_offsets: [start, end] }] as const;
  });
  const headerWith = (crc32: string): Uint8Array =>
    new TextEncoder().encode(JSON.stringify(Object.fromEntries([[METADATA, { ...metadata, crc32 }], ...located])));
  const json = headerWith("--------");
  const header = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + header + end).fill(0x20, 8, 8 + header);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(header), true);
  let at = 8 + header;
  for (const [, { dtype, data }] of ordered) {
    const { bytes: width, put } = codecs[dtype];
    for (let i = 0; i < data.length; i++, at += width) put(view, at, data[i] as number);
  }
  bytes.set(headerWith(checksumOf(metadata, bytes.subarray(8 + header))), 8);
  return bytes;
}

/** What a safetensors file holds. `refuse` throws: it is told what was expected and what was found. */
export function readSafetensors(bytes: Uint8Array, refuse: (expected: string, found: string) => never): Safetensors {
  if (bytes.length < 8) return refuse("at least 8 bytes, the length of a header", `${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > MAX_HEADER) return refuse(`a header of at most ${MAX_HEADER} bytes`, `a length of ${length}: not a safetensors file`);
  if (8 + length > bytes.length)
    return refuse(`a header of ${length} bytes`, `${bytes.length - 8}: the file is cut short or no safetensors file`);
  const header = parseHeader(bytes.subarray(8, 8 + length), refuse);
  const start = 8 + length;
  const size = bytes.length - start;
  const located = Object.entries(header)
    .filter(([name]) => name !== METADATA)
    .map(([name, value]) => [name, checkEntry(name, value, refuse)] as const)
    .sort(([, { data_offsets: a }], [, { data_offsets: b }]) => a[0] - b[0] || a[1] - b[1]);
  let end = 0;
  for (const [name, { data_offsets: offsets }] of located) {
    if (offsets[0] !== end)
      return refuse(`${name} to begin at byte ${end} of the numbers, where the array before it ends`, `${offsets[0]}`);
    end = offsets[1];
  }
  if (end !== size) return refuse(`${end} bytes of numbers`, `${size}${size < end ? ": the file is cut short" : ""}`);
  const entries = located.map(
    ([
      name,
      {
        dtype,
        shape,
        data_offsets: [from, to],
      },
    ]): [string, Entry] => {
      const { bytes: width, create, get } = codecs[dtype];
      const data = create((to - from) / width);
      for (let i = 0; i < data.length; i++) data[i] = get(view, start + from + i * width);
      return [name, { dtype, shape, data }];
    },
  );
  const metadata = metadataSchema.safeParse(header[METADATA] ?? {});
  if (!metadata.success) return refuse(`${METADATA} to be a record of strings`, JSON.stringify(header[METADATA]).slice(0, 100));
  const { crc32: stated, ...rest } = metadata.data;
  const checksum = stated === undefined ? null : { stated, found: checksumOf(rest, bytes.subarray(start)) };
  return { entries: new Map(entries), metadata: rest, checksum };
}

function parseHeader(text: Uint8Array, refuse: (expected: string, found: string) => never): Readonly<Record<string, unknown>> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(text));
  } catch {
    return refuse("a header in JSON", `${text.length} bytes that are none`);
  }
  if (typeof header !== "object" || header === null || Array.isArray(header))
    return refuse("a JSON object as header", JSON.stringify(header).slice(0, 100));
  return header as Readonly<Record<string, unknown>>;
}

/** A header's entry, once its dtype, its shape and its place agree. */
function checkEntry(name: string, value: unknown, refuse: (expected: string, found: string) => never): z.infer<typeof entrySchema> {
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return refuse(`${name} to have a dtype of F64, F32 or I32, a shape and data_offsets`, `${issue?.path.join(".")}: ${issue?.message}`);
  }
  const { dtype, shape, data_offsets: offsets } = parsed.data;
  const bytes = shape.reduce((a, b) => a * b, codecs[dtype].bytes);
  if (offsets[1] - offsets[0] !== bytes)
    return refuse(`${name} to have ${bytes} bytes, as ${dtype} [${shape}] takes`, `${offsets[1] - offsets[0]}`);
  return parsed.data;
}
