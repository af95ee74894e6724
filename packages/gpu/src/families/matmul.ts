import type { Strided } from "@lodo/tensor";
import type { Rule } from "../rule.ts";
import { fourByFour, fourSums, fours, fourZeros, pack, unpacking } from "../source/packing.ts";
import { coordinates } from "../source/positions.ts";

/** C[b] = A[b] B[b]; any strides. Each thread computes four neighbours of a row. */
export const matmul: Rule<readonly [A: Strided, B: Strided]> = {
  name: "matmul",
  operands: (A, B) => [A, B],
  work: (A, B) => A.size * (B.shape[2] as number),
  run: (bench, A, B) => {
    const [batch, M, K] = A.shape as [number, number, number];
    const N = B.shape[2] as number;
    const [depth, width] = [fours(K), fours(N)];
    const [left, right] = [pack(bench, A), pack(bench, B, 4 * depth)];
    const [b, i, j] = coordinates("this.thread.x", [batch, M, width]) as [string, string, string];
    const source = `function (a, b) {
  ${fourZeros}
  for (let p = 0; p < ${depth}; p++) {
    const v = a[((${b}) * ${M} + ${i}) * ${depth} + p];
    ${fourByFour("v", "b", `((${b}) * ${4 * depth} + p * 4) * ${width} + ${j}`, width)}
  }
  ${fourSums}
}`;
    const packed = bench.pass({ source, size: batch * M * width, packed: true }, [left, right]);
    return bench.result([batch, M, N], unpacking(batch * M, N), [packed]);
  },
};
