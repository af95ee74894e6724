import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";

/** A stranger's project: an architecture of its own, and the kit run on it with node's test runner. */
const project = {
  "package.json": JSON.stringify({ name: "elsewhere", private: true, type: "module" }),
  "tsconfig.json": JSON.stringify({
    compilerOptions: { target: "ES2023", module: "NodeNext", strict: true, exactOptionalPropertyTypes: true, types: ["node"] },
    include: ["*.ts"],
  }),
  "reflections.ts": `
import { type Architecture, defineArchitecture, type Hyperparameter, linearOperator, rate } from "@lodo/preconditioner";
import { add, dot, mul, ones, type Vector } from "@lodo/tensor";

/** G(θ) = α₀ (½ I + w wᵀ): the transpose is right, and so are the tags. θ: [n]. */
const built = (id: string, tags: readonly ("symmetric" | "psd" | "orthogonal")[]) =>
  defineArchitecture({
    id,
    summary: "half the identity plus one learned direction",
    reference: "none",
    hyperparameters: { alpha0: rate(0.1, "α₀, initial learning rate") },
    cost: ({ dim: n }) => ({ parameters: n, multiplyAdds: 4 * n }),
    build: ({ dim: n, dtype, alpha0 }) => ({
      start: "approximate",
      alpha0,
      init: () => ones([n], { dtype }),
      at: (w: Vector) =>
        linearOperator({
          structure: \`½ I + w wᵀ{\${n}}\`,
          shape: [n, n],
          tags,
          apply: (v) => mul(alpha0, add(mul(0.5, v), mul(dot(w, v), w))) as Vector,
        }),
    }),
  });

export const oneDirection: Architecture<Vector, { readonly alpha0: Hyperparameter<number> }> = built("one-direction", ["symmetric", "psd"]);
export const boastful: Architecture<Vector, { readonly alpha0: Hyperparameter<number> }> = built("boastful", ["symmetric", "psd", "orthogonal"]);
`,
  "good.test.ts": `
import { describe, it } from "node:test";
import { conformsToPreconditioner } from "@lodo/testkit";
import { oneDirection } from "./reflections.js";

conformsToPreconditioner({ describe: (name, body) => void describe(name, body), it: (name, body) => void it(name, body) }, oneDirection);
`,
  "bad.test.ts": `
import { describe, it } from "node:test";
import { conformsToPreconditioner } from "@lodo/testkit";
import { boastful } from "./reflections.js";

conformsToPreconditioner({ describe: (name, body) => void describe(name, body), it: (name, body) => void it(name, body) }, boastful);
`,
  "learns.ts": `
import { lodo, minimize } from "@lodo/optim";
import { createRng, dot, scale, type Vector, vector } from "@lodo/tensor";
import { oneDirection } from "./reflections.js";

const { losses } = minimize(
  { value: (x: Vector) => scale(0.5, dot(x, x)) },
  { optimizer: lodo(oneDirection({ dim: 3 })), from: vector([1, 2, 3]), steps: 50, rng: createRng(0) },
);
console.log((losses.at(-1) as number) < (losses[0] as number));
`,
  "faster.ts": `
import { simd } from "@lodo/kernels";
import { array, eye, matmul, type Matrix, scale, withBackend } from "@lodo/tensor";

const backend = await simd({ memory: 2 ** 20 });
const A: Matrix = withBackend(backend, () => matmul(scale(2, eye(5)), scale(3, eye(5))));
console.log(backend.name, Array.from(array(A)).reduce((sum, x) => sum + x, 0));
`,
  "onDevice.ts": `
import { gpu } from "@lodo/gpu";
import { array, eye, matmul, type Matrix, scale, withBackend } from "@lodo/tensor";

const backend = await gpu({ mode: "cpu", breakEven: 0 });
const I = eye(5, { dtype: "float32" });
const A: Matrix = withBackend(backend, () => matmul(scale(2, I), scale(3, I)));
console.log(backend.mode, Array.from(array(A)).reduce((sum, x) => sum + x, 0), backend.counts.passes > 0);
`,
  "shared.ts": `
import { simd } from "@lodo/kernels";
import { array, eye, matmul, type Matrix, scale, withBackend } from "@lodo/tensor";

const backend = await simd({ memory: 2 ** 24, threads: 2, shareAbove: 0 });
const A: Matrix = withBackend(backend, () => matmul(scale(2, eye(50)), scale(3, eye(50))));
console.log(backend.threads, Array.from(array(A)).reduce((sum, x) => sum + x, 0));
await backend.close();
`,
} as const;

const packed = ["tensor", "kernels", "gpu", "preconditioner", "optim", "testkit"] as const;

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

let folder = "";

/** A command in the stranger's folder. */
function run(command: string, ...args: readonly string[]): { readonly code: number | null; readonly output: string } {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: folder,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  return { code: status, output: `${stdout}${stderr}${error?.message ?? ""}` };
}

function expectDone({ code, output }: ReturnType<typeof run>): string {
  expect(code, output).toBe(0);
  return output;
}

/** Puts one package where node looks for it. What others it needs it has to say: those, and those alone, are linked to our own copies. */
function install(tarball: string): void {
  const unpacked = mkdtempSync(join(folder, "unpacked-"));
  expectDone(run("tar", "-xzf", tarball, "-C", unpacked));
  const { name, dependencies = {} } = JSON.parse(readFileSync(join(unpacked, "package/package.json"), "utf8")) as Manifest;
  const target = join(folder, "node_modules", name);
  mkdirSync(join(target, ".."), { recursive: true });
  renameSync(join(unpacked, "package"), target);
  for (const dependency of Object.keys(dependencies).filter((other) => !other.startsWith("@lodo/"))) linkOurs(dependency);
}

function linkOurs(name: string): void {
  const link = join(folder, "node_modules", name);
  if (existsSync(link)) return;
  mkdirSync(join(link, ".."), { recursive: true });
  symlinkSync(resolve("node_modules", name), link, "junction");
}

describe("the packages, packed and installed in an empty folder,", () => {
  beforeAll(() => {
    expect(inject("buildFailure")).toBeNull();
    folder = mkdtempSync(join(tmpdir(), "lodo-elsewhere-"));
    const packages = packed.map((name) => resolve("packages", name));
    expectDone(run("npm", "pack", ...packages, "--silent", "--ignore-scripts", "--offline"));
    const tarballs = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
    expect(tarballs).toHaveLength(packed.length);
    for (const tarball of tarballs) install(tarball);
    linkOurs("@types/node");
    for (const [name, text] of Object.entries(project)) writeFileSync(join(folder, name), text);
    expectDone(run(process.execPath, resolve("node_modules/typescript/bin/tsc"), "--project", "."));
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("bring no more than what was built and what it was built from", () => {
    for (const name of packed) {
      expect(readdirSync(join(folder, "node_modules/@lodo", name)).sort()).toEqual(expect.arrayContaining(["dist", "package.json", "src"]));
      expect(existsSync(join(folder, "node_modules/@lodo", name, "test"))).toBe(false);
    }
  });

  it("prove an architecture that is defined there, under node's own test runner", () => {
    const output = expectDone(run(process.execPath, "--test", "good.test.js"));
    expect(Number(/pass (\d+)/.exec(output)?.[1])).toBeGreaterThanOrEqual(15);
    expect(output).toMatch(/fail 0/);
  });

  it("tell one that breaks a law which law, with the smallest case and how to replay it", () => {
    const { code, output } = run(process.execPath, "--test", "bad.test.js");
    expect(code).toBe(1);
    expect(output).toContain("is what its tags claim");
    expect(output).toMatch(/does not hold for boastful/);
    expect(output).toMatch(/smallest case \{.*"dim":1/);
    expect(output).toMatch(/replay with seed \d+, path "/);
  });

  it("compute with vectors, without a file to load", () => {
    expect(expectDone(run(process.execPath, "faster.js"))).toBe("simd 30\n");
  });

  it("compute in threads, whose script is in the package", () => {
    expect(expectDone(run(process.execPath, "shared.js"))).toBe("2 300\n");
  });

  it("compute through gpu.js", () => {
    expect(expectDone(run(process.execPath, "onDevice.js"))).toBe("cpu 30 true\n");
  });

  it("let LODO learn it", () => {
    expect(expectDone(run(process.execPath, "learns.js"))).toBe("true\n");
  });
});
