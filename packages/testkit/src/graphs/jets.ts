import { preciseAtan, preciseCos, preciseExp, preciseLog, preciseSigmoid, preciseSin, preciseTanh } from "../reference/precise.ts";
import type { Jet } from "./hyperDual.ts";

/** The smooth functions of one number with their derivatives, as calculus books give them. */
export const jets: Readonly<Record<string, (x: number) => Jet>> = {
  neg: (x) => ({ f: [-x, -1, 0, 0] }),
  exp: (x) => {
    const y = preciseExp(x);
    return { f: [y, y, y, y] };
  },
  log: (x) => ({ f: [preciseLog(x), 1 / x, -1 / x ** 2, 2 / x ** 3], size: [1, 1 / x, 1 / x ** 2] }),
  sqrt: (x) => {
    const y = Math.sqrt(x);
    return { f: [y, 0.5 / y, -0.25 / (x * y), 0.375 / (x * x * y)] };
  },
  reciprocal: (x) => ({ f: [1 / x, -1 / x ** 2, 2 / x ** 3, -6 / x ** 4] }),
  tanh: (x) => {
    const y = preciseTanh(x);
    const s = 1 - y * y;
    return { f: [y, s, -2 * y * s, (6 * y * y - 2) * s], size: [1, 2, 4] };
  },
  sigmoid: (x) => {
    const y = preciseSigmoid(x);
    const s = y * (1 - y);
    return { f: [y, s, s * (1 - 2 * y), s * (1 - 6 * s)], size: [1, 1, 1] };
  },
  sin: (x) => {
    const [s, c] = [preciseSin(x), preciseCos(x)];
    return { f: [s, c, -s, -c] };
  },
  cos: (x) => {
    const [s, c] = [preciseSin(x), preciseCos(x)];
    return { f: [c, -s, -c, s] };
  },
  atan: (x) => {
    const q = 1 / (1 + x * x);
    return { f: [preciseAtan(x), q, -2 * x * q * q, (6 * x * x - 2) * q ** 3] };
  },
};
