import { ArgumentError } from "@lodo/tensor";

/** The n! arrangements of 0 … n − 1, numbered in lexicographic order, so that sets and distributions of them are arrays. */
export interface SymmetricGroup {
  /** n! */
  readonly order: number;
  /** The number of an arrangement. */
  rank(arrangement: ArrayLike<number>): number;
  /** For every arrangement, the number of the one that has what stands at places a and b exchanged. */
  exchange(a: number, b: number): Uint16Array;
}

const groups = new Map<number, SymmetricGroup>();

/** @throws ArgumentError unless n is an integer from 1 to 8, above which n! outgrows the tables. */
export function symmetricGroup(n: number): SymmetricGroup {
  if (!Number.isInteger(n) || n < 1 || n > 8) throw new ArgumentError("symmetricGroup", `n must be an integer from 1 to 8, got ${n}`);
  const known = groups.get(n);
  if (known) return known;
  const factorial = Array.from({ length: n + 1 }, () => 1);
  for (let i = 1; i <= n; i++) factorial[i] = i * (factorial[i - 1] as number);
  const order = factorial[n] as number;
  // Lehmer code: the digit of place i counts the smaller elements that stand further right.
  const rank = (arrangement: ArrayLike<number>): number => {
    let number = 0;
    for (let i = 0; i < n; i++) {
      let smaller = 0;
      for (let j = i + 1; j < n; j++) if ((arrangement[j] as number) < (arrangement[i] as number)) smaller++;
      number += smaller * (factorial[n - 1 - i] as number);
    }
    return number;
  };
  const arrangements = new Uint8Array(order * n);
  for (let number = 0; number < order; number++) {
    const left = Array.from({ length: n }, (_, i) => i);
    for (let i = 0; i < n; i++) {
      const digit = Math.floor(number / (factorial[n - 1 - i] as number)) % (n - i);
      arrangements[number * n + i] = left.splice(digit, 1)[0] as number;
    }
  }
  const tables = new Map<number, Uint16Array>();
  const exchange = (a: number, b: number): Uint16Array => {
    const key = Math.min(a, b) * n + Math.max(a, b);
    const made = tables.get(key);
    if (made) return made;
    const table = Uint16Array.from({ length: order }, (_, number) => {
      const one = arrangements.slice(number * n, (number + 1) * n);
      [one[a], one[b]] = [one[b] as number, one[a] as number];
      return rank(one);
    });
    tables.set(key, table);
    return table;
  };
  const group = { order, rank, exchange };
  groups.set(n, group);
  return group;
}
