// One step of Adam, as packages/optim/src/adamKernel.ts has it, on numbers `from` to `to`: every operation rounds as it does there, so that the
// results are the same bits.

function step<T>(
  g: usize, mu: usize, nu: usize, delta: usize, muNext: usize, nuNext: usize, from: i32, to: i32, constants: usize,
): void {
  const keep1 = load<T>(constants), take1 = load<T>(constants, sizeof<T>());
  const keep2 = load<T>(constants, 2 * sizeof<T>()), take2 = load<T>(constants, 3 * sizeof<T>());
  const rate = load<T>(constants, 4 * sizeof<T>()), eps = load<T>(constants, 5 * sizeof<T>());
  const keep1s = v128.splat<T>(keep1), take1s = v128.splat<T>(take1), keep2s = v128.splat<T>(keep2), take2s = v128.splat<T>(take2);
  const rates = v128.splat<T>(rate), epss = v128.splat<T>(eps);
  const end = <usize>to * sizeof<T>();
  const whole = <usize>(from + ((to - from) & ~(16 / <i32>sizeof<T>() - 1))) * sizeof<T>();
  let i = <usize>from * sizeof<T>();
  for (; i < whole; i += 16) {
    const gs = v128.load(g + i);
    const m = v128.add<T>(v128.mul<T>(keep1s, v128.load(mu + i)), v128.mul<T>(take1s, gs));
    const n = v128.add<T>(v128.mul<T>(keep2s, v128.load(nu + i)), v128.mul<T>(take2s, v128.mul<T>(gs, gs)));
    v128.store(muNext + i, m);
    v128.store(nuNext + i, n);
    v128.store(delta + i, v128.div<T>(v128.mul<T>(rates, m), v128.add<T>(v128.sqrt<T>(n), epss)));
  }
  for (; i < end; i += sizeof<T>()) {
    const gi = load<T>(g + i);
    const m = keep1 * load<T>(mu + i) + take1 * gi;
    const n = keep2 * load<T>(nu + i) + take2 * (gi * gi);
    store<T>(muNext + i, m);
    store<T>(nuNext + i, n);
    store<T>(delta + i, (rate * m) / (sqrt<T>(n) + eps));
  }
}

export function adam_f32(
  g: usize, mu: usize, nu: usize, delta: usize, muNext: usize, nuNext: usize, from: i32, to: i32, constants: usize,
): void {
  step<f32>(g, mu, nu, delta, muNext, nuNext, from, to, constants);
}
export function adam_f64(
  g: usize, mu: usize, nu: usize, delta: usize, muNext: usize, nuNext: usize, from: i32, to: i32, constants: usize,
): void {
  step<f64>(g, mu, nu, delta, muNext, nuNext, from, to, constants);
}
