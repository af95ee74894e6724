/** a(1), a(2), …, a(n) */
export const sequence = (n: number, a: (i: number) => number): readonly number[] => Array.from({ length: n }, (_, i) => a(i + 1));
