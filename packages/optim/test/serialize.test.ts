import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ArgumentError, array, full, scalar, slice, Tensor, tensor, transpose, vector, zeros } from "@lodo/tensor";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readSafetensors, writeSafetensors } from "../src/safetensors.ts";
import { deserialize, FormatError, serialize } from "../src/serialize.ts";

/** Equality of trees to the bit: NaN equals NaN, −0 differs from 0, tensors agree in dtype, shape and bytes. */
function same(a: unknown, b: unknown): boolean {
  if (a instanceof Tensor || b instanceof Tensor) {
    return (
      a instanceof Tensor && b instanceof Tensor && a.dtype === b.dtype && `${a.shape}` === `${b.shape}` && sameBits(array(a), array(b))
    );
  }
  if (ArrayBuffer.isView(a) || ArrayBuffer.isView(b)) return a instanceof Int32Array && b instanceof Int32Array && sameBits(a, b);
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b);
  const [keysA, keysB] = [Object.keys(a), Object.keys(b)];
  return (
    Array.isArray(a) === Array.isArray(b) &&
    keysA.join("\0") === keysB.join("\0") &&
    keysA.every((key) => same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
  );
}

const sameBits = (a: NodeJS.ArrayBufferView, b: NodeJS.ArrayBufferView): boolean =>
  Buffer.compare(Buffer.from(a.buffer, a.byteOffset, a.byteLength), Buffer.from(b.buffer, b.byteOffset, b.byteLength)) === 0;

const shapes = fc.array(fc.nat({ max: 3 }), { maxLength: 4 });
const tensors = fc
  .tuple(shapes, fc.constantFrom("float64" as const, "float32" as const), fc.infiniteStream(fc.double()))
  .map(([shape, dtype, stream]) =>
    tensor(
      Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => stream.next().value as number),
      shape,
      { dtype },
    ),
  );
const keys = fc.oneof(fc.string({ unit: "binary", maxLength: 4 }), fc.constantFrom("__metadata__", "__proto__", "a.b", "a", "b", "'", "0"));
const { tree: trees } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: "small" },
    fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0)),
    fc.string({ unit: "binary" }),
    fc.boolean(),
    fc.constant(null),
    tensors,
    fc.array(fc.integer(), { maxLength: 5 }).map((xs) => Int32Array.from(xs)),
    fc.array(tie("tree"), { maxLength: 4 }),
    fc.array(fc.tuple(keys, tie("tree")), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs)),
  ),
}));

const example = {
  optimizer: { theta: tensor([1, 2, 3, 4, 5, 6], [2, 3]), meta: [vector([1.5, Number.NaN], { dtype: "float32" })], b1t: 0.9 },
  permutation: Int32Array.of(2, 0, 1),
  step: 7,
  loss: Number.POSITIVE_INFINITY,
};

/** The bytes of a file with this header, and as many zeros behind it. */
function fileOf(header: unknown, numbers = 0): Uint8Array {
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(numbers)]);
}

/** The example with its header changed, and without a checksum. */
function changed(change: (header: Record<string, Record<string, unknown>>) => void): Uint8Array {
  const bytes = Buffer.from(serialize(example));
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString()) as Record<string, Record<string, unknown>>;
  delete header["__metadata__"]?.["crc32"];
  change(header);
  return Buffer.concat([fileOf(header), bytes.subarray(8 + length)]);
}

describe("serialize", () => {
  it("gives every tree back to the bit, from its own buffer and from inside another", () => {
    fc.assert(
      fc.property(trees, fc.nat({ max: 9 }), (tree, offset) => {
        const bytes = serialize(tree);
        const inside = new Uint8Array(offset + bytes.length);
        inside.set(bytes, offset);
        return same(deserialize(bytes), tree) && same(deserialize(inside.subarray(offset)), tree);
      }),
      { numRuns: 1000 },
    );
  });

  it("writes one tree as one sequence of bytes, whatever memory its tensors lie in", () => {
    const A = tensor([1, 2, 3, 4, 5, 6], [2, 3]);
    const strided = slice(transpose(transpose(A)), { start: [0, 1], stop: [2, 3] });
    expect(serialize({ A: strided })).toEqual(serialize({ A: tensor([2, 3, 5, 6], [2, 2]) }));
  });

  it("keeps scalars, tensors of no elements and the root itself", () => {
    for (const tree of [
      scalar(-0),
      zeros([0]),
      zeros([2, 0, 3], { dtype: "float32" }),
      new Int32Array(0),
      null,
      -0,
      {},
      [],
      [[]],
      { a: {} },
    ]) {
      expect(same(deserialize(serialize(tree)), tree)).toBe(true);
    }
  });

  it("names tensors by their path, and aligns header and numbers", () => {
    const bytes = serialize({ "a.b": full([], 1), a: { b: full([3], 2, { dtype: "float32" }) }, n: Int32Array.of(1), z: zeros([2]) });
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    const header = JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString()) as Record<
      string,
      { dtype: string; data_offsets: number[] }
    >;
    expect(Object.keys(header)).toEqual(["__metadata__", "a.b", "z", "a.b'", "n"]);
    for (const { dtype, data_offsets: offsets } of Object.values(header).slice(1))
      expect((offsets[0] ?? 1) % (dtype === "F64" ? 8 : 4)).toBe(0);
  });

  it("refuses what is no plain data, by its path", () => {
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    for (const [value, message] of [
      [{ a: [1, undefined] }, "expected plain data at a.1, got undefined"],
      [{ f: () => 1 }, "expected plain data at f, got function"],
      [new Map(), "expected plain data at the root, got an instance of Map"],
      [{ x: new Float64Array(2) }, "expected plain data at x, got an instance of Float64Array"],
      [{ x: 1n }, "expected plain data at x, got bigint"],
      [cyclic, "cyclic"],
    ] as const) {
      expect(() => serialize(value)).toThrow(ArgumentError);
      expect(() => serialize(value)).toThrow(message);
    }
  });
});

describe("deserialize", () => {
  it("refuses every file cut short, and every file with a byte too many", () => {
    const bytes = serialize(example);
    for (let length = 0; length < bytes.length; length++)
      expect(() => deserialize(bytes.subarray(0, length)), `${length} bytes`).toThrow(FormatError);
    expect(() => deserialize(Buffer.concat([bytes, Buffer.alloc(1)]))).toThrow(FormatError);
  });

  it("refuses numbers and a tree in which one bit is not what was written", () => {
    const bytes = serialize(example);
    const header = 8 + Number(Buffer.from(bytes).readBigUInt64LE(0));
    for (let at = header; at < bytes.length; at++) {
      for (let bit = 0; bit < 8; bit++)
        expect(() => deserialize(bytes.with(at, (bytes[at] as number) ^ (1 << bit))), `bit ${bit} of byte ${at}`).toThrow(
          /^deserialize: expected metadata and numbers of CRC-32 [0-9a-f]{8}, found [0-9a-f]{8}: the file is damaged$/,
        );
    }
    const text = Buffer.from(bytes).toString("latin1");
    expect(() => deserialize(Buffer.from(text.replace("0.9", "0.8"), "latin1"))).toThrow("the file is damaged");
  });

  it("reads a file without a checksum, as earlier versions wrote them", () => {
    expect(deserialize(changed(() => {}))).toEqual(deserialize(serialize(example)));
  });

  it("answers damaged and random bytes with a FormatError or a tree, and nothing else", () => {
    const bytes = serialize(example);
    const answers = (damaged: Uint8Array): void => {
      try {
        deserialize(damaged);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
      }
    };
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }), (at, value) => answers(bytes.with(at, value))),
      { numRuns: 2000 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), answers));
    fc.assert(fc.property(fc.json(), fc.nat({ max: 20 }), (json, numbers) => answers(fileOf(json, numbers))));
    fc.assert(
      fc.property(fc.jsonValue(), (tree) =>
        answers(fileOf({ __metadata__: { format: "lodo-tree", version: "1", tree: JSON.stringify(tree) } })),
      ),
    );
  });

  it("says what it expected and what it found", () => {
    const foreign = writeSafetensors(new Map(), { format: "pt" });
    const tree = (node: unknown): Uint8Array =>
      changed((header) => {
        (header["__metadata__"] as Record<string, unknown>)["tree"] = typeof node === "string" ? node : JSON.stringify(node);
      });
    const deep = `${"[".repeat(5000)}${"]".repeat(5000)}`;
    for (const [bytes, message] of [
      [new Uint8Array(3), "expected at least 8 bytes, the length of a header, found 3"],
      [Buffer.from("PNG is another format entirely"), "not a safetensors file"],
      [fileOf("no json at all"), "expected a header in JSON, found 14 bytes that are none"],
      [fileOf([1]), "expected a JSON object as header, found [1]"],
      [fileOf({ a: { dtype: "BF16", shape: [1], data_offsets: [0, 2] } }, 2), "expected a to have a dtype of F64, F32 or I32"],
      [fileOf({ a: { dtype: "F64", shape: [-1], data_offsets: [0, 8] } }, 8), "shape.0"],
      [fileOf({ __metadata__: { a: 1 } }), 'expected __metadata__ to be a record of strings, found {"a":1}'],
      [foreign, 'expected a file of format "lodo-tree", found "pt"'],
      [fileOf({}), 'expected a file of format "lodo-tree", found one without a format'],
      [
        changed((h) => Object.assign(h["__metadata__"] ?? {}, { version: "2" })),
        "expected format version 1, the newest known here, found 2",
      ],
      [
        changed((h) => Object.assign(h["optimizer.theta"] ?? {}, { shape: [2, 2] })),
        "expected optimizer.theta to have 32 bytes, as F64 [2,2] takes, found 48",
      ],
      [changed((h) => Object.assign(h["permutation"] ?? {}, { data_offsets: [60, 72] })), "permutation to begin at byte 56"],
      [
        changed((h) => Object.assign(h["optimizer.meta.0"] ?? {}, { dtype: "I32" })),
        "expected F64 or F32 numbers in optimizer.meta.0, found I32",
      ],
      [tree({ tensor: "x" }), 'expected an array "x" for the root, found only optimizer.theta, '],
      [tree({ tensor: "permutation" }), "expected F64 or F32 numbers in permutation, found I32"],
      [tree({ number: "toString" }), 'found {"number":"toString"}'],
      [tree({ record: { a: { number: "many" } } }), 'expected a number, tensor, integers or record at a, found {"number":"many"}'],
      [tree(1), "expected arrays that the tree names, found also optimizer.theta, "],
      [tree("{"), 'expected a tree as JSON in the metadata, found "{"'],
      [tree(deep), "nested at most 1000 deep"],
    ] as const) {
      expect(() => deserialize(bytes)).toThrow(FormatError);
      expect(() => deserialize(bytes)).toThrow(message);
    }
  });
});

/** The safetensors format as its specification states it, read in Python with nothing of ours. */
const reader = `
import json, struct, sys
raw = open(sys.argv[1], "rb").read()
(n,) = struct.unpack("<Q", raw[:8])
assert n % 8 == 0 and raw[8:9] == b"{"
header = json.loads(raw[8:8 + n].decode("utf-8"))
meta = header.pop("__metadata__")
assert all(isinstance(v, str) for v in meta.values())
data, end, out = raw[8 + n:], 0, {}
for name, e in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
    a, b = e["data_offsets"]
    assert a == end and a % (8 if e["dtype"] == "F64" else 4) == 0
    end = b
    code = {"F64": "d", "F32": "f", "I32": "i"}[e["dtype"]]
    out[name] = [e["dtype"], e["shape"], [x.hex() if code != "i" else x for (x,) in struct.iter_unpack("<" + code, data[a:b])]]
assert end == len(data)
print(json.dumps({"arrays": out, "tree": json.loads(meta["tree"])}))
`;
const python = spawnSync("python3", ["--version"]).status === 0;

describe("Python", () => {
  it.skipIf(!python)(`reads the file by the specification${python ? "" : " (skipped: there is no python3)"}`, () => {
    const folder = mkdtempSync(join(tmpdir(), "lodo-"));
    try {
      writeFileSync(join(folder, "tree.safetensors"), serialize(example));
      const { stdout, stderr } = spawnSync("python3", ["-c", reader, join(folder, "tree.safetensors")], { encoding: "utf8" });
      expect(stderr).toBe("");
      expect(JSON.parse(stdout)).toEqual({
        arrays: {
          "optimizer.theta": ["F64", [2, 3], [1, 1, 1.5, 1, 1.25, 1.5].map((m, i) => `0x${hex(m)}p+${[0, 1, 1, 2, 2, 2][i]}`)],
          "optimizer.meta.0": ["F32", [2], ["0x1.8000000000000p+0", "nan"]],
          permutation: ["I32", [3], [2, 0, 1]],
        },
        tree: {
          record: {
            optimizer: { record: { theta: { tensor: "optimizer.theta" }, meta: [{ tensor: "optimizer.meta.0" }], b1t: 0.9 } },
            permutation: { integers: "permutation" },
            step: 7,
            loss: { number: "Infinity" },
          },
        },
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** A significand in [1, 2) with quarters only, as Python writes it. */
const hex = (m: number): string => `1.${((m - 1) * 16).toString(16)}000000000000`;

describe("readSafetensors", () => {
  it("reads what writeSafetensors wrote", () => {
    const entries = new Map([["a", { dtype: "F32" as const, shape: [1, 2], data: Float32Array.of(1, 2) }]]);
    const refuse = (expected: string, found: string): never => expect.fail(`${expected} ${found}`);
    const { checksum, ...rest } = readSafetensors(writeSafetensors(entries, { k: "v" }), refuse);
    expect(rest).toEqual({ entries, metadata: { k: "v" } });
    expect(checksum?.found).toMatch(/^[0-9a-f]{8}$/);
    expect(checksum?.stated).toBe(checksum?.found);
  });
});
