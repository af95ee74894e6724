import type { GpuOptions } from "@lodo/gpu";
import type { Simd } from "@lodo/kernels";
import { type Backend, BackendError, kernels, type Strided, useBackend } from "@lodo/tensor";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type BackendId, backendNames, choiceOf, describeChoice, onReference } from "../src/backends/choice.ts";
import { BackendUnavailableError } from "../src/backends/errors.ts";
import { backends } from "../src/backends/index.ts";
import type { Offer, RegisteredBackend } from "../src/backends/offer.ts";
import { backendOfThread } from "../src/backends/ofThread.ts";
import { onBackend } from "../src/backends/onBackend.ts";
import { openBackend } from "../src/backends/openBackend.ts";
import { selfTest } from "../src/backends/selfTest/selfTest.ts";
import { workloads } from "../src/backends/selfTest/workloads.ts";
import { survey } from "../src/backends/survey.ts";
import { textSurvey } from "../src/backends/textSurvey.ts";

const none: Backend["kernels"] = new Map();
const there: Offer = { available: true, backend: { name: "pretended", kernels: none }, about: "pretended", dtypes: ["float32"] };
const slow: Offer = { ...there, slow: "it is a program" };
const absent: Offer = { available: false, reason: "there is none", remedy: "buy one" };

/** A machine that has what is said of it; the reference is everywhere. */
const machine = (offers: Partial<Record<BackendId, Offer>>): readonly RegisteredBackend[] =>
  backends.map((each) => ({ ...each, offer: async (options) => offers[each.id] ?? each.offer(options) }));

describe("openBackend", () => {
  it("opens the reference, which is no backend, and SIMD, which every Node has", async () => {
    expect(await openBackend("reference")).toMatchObject({ choice: onReference, backend: null, passedOver: [] });
    const { choice, backend, passedOver } = await openBackend("simd", { memory: 2 ** 20 });
    expect([choice, backend?.name, passedOver]).toEqual([{ backend: "simd", fastMath: false }, "simd", []]);
  });

  it("opens a new one at each call, with memory of its own", async () => {
    const [a, b] = await Promise.all([1, 2].map(() => openBackend("simd", { memory: 2 ** 20 })));
    expect(a?.backend).not.toBe(b?.backend);
  });

  it.each([
    ["float32", { gpu: there, simd: there }, "gpu", []],
    ["float64", { gpu: there, simd: there }, "simd", ["gpu"]],
    ["float32", { gpu: slow, simd: there }, "simd", ["gpu"]],
    ["float32", { gpu: absent, simd: there }, "simd", ["gpu"]],
    ["float32", { gpu: absent, simd: absent }, "reference", ["gpu", "simd"]],
    ["float64", { gpu: there, simd: absent }, "reference", ["gpu", "simd"]],
  ] as const)("takes for auto and %s, of %o, %s", async (dtype, offers, best, others) => {
    const { choice, passedOver } = await openBackend("auto", { dtype, among: machine(offers) });
    expect(choice).toEqual({ backend: best, fastMath: false });
    expect(passedOver.map(({ id }) => id)).toEqual(others);
    for (const { reason } of passedOver) expect(reason).not.toBe("");
  });

  it("asks no GPU that it could not take", async () => {
    const offer = vi.fn(async () => there);
    await openBackend("auto", {
      dtype: "float64",
      among: machine({ simd: there }).map((each) => (each.id === "gpu" ? { ...each, offer } : each)),
    });
    expect(offer).not.toHaveBeenCalled();
  });

  it("refuses by name what is not there, with the remedy", async () => {
    const opening = openBackend("gpu", { among: machine({ gpu: absent }) });
    await expect(opening).rejects.toThrow(BackendUnavailableError);
    await expect(opening).rejects.toMatchObject({ backend: "gpu", remedy: "buy one", message: expect.stringContaining("there is none") });
  });

  it("takes fused multiply-adds from SIMD alone, also for auto", async () => {
    for (const name of ["reference", "gpu"] as const) await expect(openBackend(name, { fastMath: true })).rejects.toThrow(/--fast-math/);
    const asked: unknown[] = [];
    const among = machine({}).map(
      (each): RegisteredBackend => ({
        ...each,
        offer: async (options) => {
          asked.push([each.id, options.fastMath]);
          return there;
        },
      }),
    );
    expect((await openBackend("auto", { dtype: "float32", fastMath: true, among })).choice).toEqual({ backend: "simd", fastMath: true });
    expect(asked).toEqual([["simd", true]]);
  });

  it("does not call memory that SIMD cannot have an absence", async () => {
    await expect(openBackend("simd", { memory: 1 })).rejects.toThrow(/between 1 MiB and 4 GiB/);
  });
});

describe("a GPU", () => {
  const registered = backends.find(({ id }) => id === "gpu") as RegisteredBackend;
  afterEach(() => vi.doUnmock("@lodo/gpu"));

  it("leaves to SIMD what it does not compute, with the memory and the threads that were asked for", async () => {
    const asked: GpuOptions[] = [];
    vi.doMock("@lodo/gpu", () => ({
      gpu: async (options: GpuOptions) => {
        asked.push(options);
        return { name: "gpu", kernels: none, mode: "webgl2", renderer: "pretended", software: false };
      },
    }));
    expect(await registered.offer({ memory: 2 ** 25, threads: 2 })).toMatchObject({ available: true, about: "pretended, by webgl2" });
    const [{ fallback }] = asked as [{ readonly fallback: Simd }];
    expect([fallback.heap.capacity, fallback.threads]).toEqual([2 ** 25, 2]);
    await fallback.close();
  });

  it.each([
    ["no context; plug it in; or wait", "no context", "plug it in; or wait; or take --backend simd"],
    ["no context", "no context", "take --backend simd"],
  ])("that says %j is not there because of %j", async (said, reason, remedy) => {
    vi.doMock("@lodo/gpu", () => ({
      gpu: async () => {
        throw new BackendError("gpu", said);
      },
    }));
    expect(await registered.offer({})).toEqual({ available: false, reason, remedy });
  });
});

describe("a choice", () => {
  it("is the reference's where nothing is said", () => {
    expect(choiceOf({})).toEqual(onReference);
    expect(describeChoice(choiceOf({ backend: "simd", fastMath: true }))).toBe("simd with fast-math");
  });

  it("is opened once in a thread", async () => {
    const choice = { backend: "simd", fastMath: false } as const;
    expect(await backendOfThread(choice)).toBe(await backendOfThread({ ...choice }));
    expect(await backendOfThread(onReference)).toBeNull();
  });
});

describe("onBackend", () => {
  it("puts back the backend before, whatever becomes of the work", async () => {
    const mine: Backend = { name: "mine", kernels: none };
    const before = useBackend(null);
    await onBackend(mine, async () => expect(useBackend(mine)).toBe(mine));
    await expect(onBackend(mine, () => Promise.reject(new RangeError("no")))).rejects.toThrow("no");
    expect(useBackend(before)).toBeNull();
  });
});

describe("the self-test", () => {
  it("finds every backend as exact as float32 sums are", async () => {
    const { backend } = await openBackend("simd", { memory: 2 ** 26 });
    for (const each of [null, backend]) {
      const measured = await selfTest(each, 0.003);
      expect(measured.map(({ id }) => id)).toEqual(workloads.map(({ id }) => id));
      for (const { rate, error } of measured) {
        expect(rate).toBeGreaterThan(0);
        // γ_k = kε/(1 − kε) with k = 256 terms at most, ε = 2⁻²⁴, times Σ|a||b|, which is at most 16 times the greatest of the results here.
        expect(error).toBeLessThan(16 * 256 * 2 ** -24);
      }
    }
  });

  it("tells of a kernel that is wrong by how much", async () => {
    const { reference } = kernels.get("matmul") as unknown as { reference(...args: readonly unknown[]): Strided };
    const matmul = (...args: readonly unknown[]): Strided => {
      const out = reference(...args);
      out.data[out.offset] = (out.data[out.offset] as number) + 1e3;
      return out;
    };
    const [wrong, ...others] = await selfTest({ name: "wrong", kernels: new Map([["matmul", matmul]]) }, 0.003);
    expect(wrong?.error).toBeGreaterThan(1);
    for (const { error } of others) expect(error).toBeLessThan(1e-3);
  });
});

describe("a survey", () => {
  it("tells of each backend what it is or why it is not, and what auto takes", async () => {
    const found = await survey({ seconds: 0.01, among: machine({ gpu: absent }) });
    expect(found.backends.map(({ id, measured }) => [id, measured.length])).toEqual([
      ["reference", 3],
      ["simd", 3],
      ["gpu", 0],
    ]);
    expect(found.auto.map(({ dtype, backend }) => [dtype, backend])).toEqual([
      ["float64", "simd"],
      ["float32", "simd"],
    ]);
    const text = textSurvey(found);
    for (const words of ["there is none", "remedy: buy one", "auto takes simd for float32", "GFLOP/s", "GB/s"])
      expect(text).toContain(words);
  });

  it("knows every name", () => {
    expect([...backends.map(({ id }) => id), "auto"]).toEqual([...backendNames]);
  });
});
