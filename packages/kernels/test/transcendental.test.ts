import { contiguousKernel, portable, type Strided, vector } from "@lodo/tensor";
import { describe, expect, it } from "vitest";
import { simd } from "../src/index.ts";

const backend = await simd({ memory: 2 ** 26 });

/** Bit patterns this far apart, a prime: a million numbers of every sign and exponent, subnormal ones, infinities and NaN among them. */
const STEP = 4003;

/** Numbers on either side of the worst one. */
const AROUND = 2 ** 17;

/** What assembly/ says of each, in units in the last place of the true value, and where a finer search found the greatest error. */
const claims = {
  exp: { bound: 1.5, worst: -5.884241 },
  log: { bound: 1.5, worst: 1.397179 },
  tanh: { bound: 2, worst: 0.6282121 },
  sigmoid: { bound: 2.5, worst: -4.157294 },
  atan: { bound: 2, worst: 0.9799614 },
} as const;

/** Numbers of every kind, and every number near the worst. */
function inputsFor(worst: number): Float32Array {
  const sparse = Math.ceil(2 ** 32 / STEP);
  const bits = new Uint32Array(sparse + 2 * AROUND);
  for (let i = 0; i < sparse; i++) bits[i] = i * STEP;
  const [centre] = new Uint32Array(Float32Array.of(worst).buffer) as unknown as readonly [number];
  for (let i = 0; i < 2 * AROUND; i++) bits[sparse + i] = centre - AROUND + i;
  return new Float32Array(bits.buffer);
}

/** The distance of float32 numbers at y. */
function ulp(y: number): number {
  const size = Math.min(Math.max(Math.abs(y), 2 ** -126), 2 ** 127);
  const [above] = new Float32Array(new Uint32Array([(new Uint32Array(Float32Array.of(size).buffer)[0] as number) + 1]).buffer);
  return Math.max((above as number) - Math.fround(size), 2 ** -149);
}

describe.each(Object.entries(claims))("%s in float32", (name, { bound, worst: near }) => {
  const f = backend.kernels.get(name) as (x: Strided) => Strided;
  const exact = portable[name as keyof typeof claims];
  const inputs = inputsFor(near);
  const x = vector(inputs, { dtype: "float32" }).storage;
  const y = contiguousKernel(f(x as unknown as Strided)).data;

  it(`is within ${bound} ulp of the function in float64, everywhere`, () => {
    let worst = 0;
    let at = 0;
    for (let i = 0; i < inputs.length; i++) {
      const got = y[i] as number;
      const value = exact(inputs[i] as number);
      if (Object.is(got, Math.fround(value))) continue;
      // Beyond float32 the next number would be 2¹²⁸.
      const expected = Math.min(Math.max(value, -(2 ** 128)), 2 ** 128);
      const off = Math.abs(Math.min(Math.max(got, -(2 ** 128)), 2 ** 128) - expected) / ulp(Math.fround(expected));
      if (off <= worst) continue;
      worst = off;
      at = inputs[i] as number;
    }
    expect(worst, `at ${at}`).toBeLessThanOrEqual(bound);
    console.info(`${name}: ${worst.toFixed(2)} ulp at ${at}`);
  });

  it("is NaN of NaN, and only where the function in float64 is", () => {
    const wrong = inputs.findIndex((v, i) => Number.isNaN(y[i]) !== Number.isNaN(exact(v)));
    expect(wrong === -1 ? null : inputs[wrong]).toBeNull();
  });
});
