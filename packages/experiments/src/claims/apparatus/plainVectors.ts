/** aᵀ b */
export const inner = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * (b[i] as number), 0);

/** ‖a‖ */
export const length = (a: readonly number[]): number => Math.sqrt(inner(a, a));

/** a − b */
export const minus = (a: readonly number[], b: readonly number[]): number[] => a.map((x, i) => x - (b[i] as number));
