import { between, type Domain, either } from "./domain.ts";

export const huge: Domain = either(between(1e100, 2e100, 1e99));
export const tiny: Domain = either(between(1e-100, 2e-100, 1e-101));
/** Small where the function is analytic at 0: the length scale is that of the function. */
export const nearZero = (h: number): Domain => either(between(1e-9, 2e-9, h));
export const positive: Domain = between(0.5, 3, 0.15);
export const hugePositive: Domain = between(1e100, 2e100, 3e99);
export const tinyPositive: Domain = between(1e-100, 2e-100, 3e-101);

/** ≤ 1 ulp each for exp, log, sin, cos, atan (FDLIBM's own bounds) and 2 for tanh and the logistic function, and a half for the reference. */
export const ULPS: number = 2;
