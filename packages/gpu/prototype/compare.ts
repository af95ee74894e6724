import { type Extents4, type Strided, tensor } from "@lodo/tensor";
import { gpu } from "../src/index.ts";
import type { Product } from "./product.ts";
import { convolutionProducts, matmulProduct } from "./products.ts";
import { openWebGpu } from "./webGpu.ts";

/*
 * A page that runs the same products in WebGL2 through gpu.js and in WebGPU, and tells both times. Serve it with `npx vite packages/gpu/prototype`
 * after a build, and open it in a browser with WebGPU.
 */

/** Calls in a row before one result is read: what a training step does. */
const CALLS = 5;
const REPETITIONS = 5;

interface Row {
  readonly name: string;
  readonly milliseconds: Readonly<Record<"WebGL2" | "WebGPU", number>>;
}

const draw = (shape: readonly number[]): Strided =>
  tensor(
    Float32Array.from({ length: shape.reduce((a, n) => a * n, 1) }, (_, i) => ((i * 7919) % 1000) / 1000 - 0.5),
    shape,
    {
      dtype: "float32",
    },
  ).storage;

/** The median time of one call; the first run, which compiles, is not counted. */
async function time(run: () => Promise<void>): Promise<number> {
  await run();
  const times: number[] = [];
  for (let i = 0; i < REPETITIONS; i++) {
    const start = performance.now();
    await run();
    times.push((performance.now() - start) / CALLS);
  }
  return times.sort((a, b) => a - b)[Math.floor(REPETITIONS / 2)] as number;
}

const webGl = await gpu({ mode: "webgl2", breakEven: 0 });
const webGpu = await openWebGpu(navigator.gpu);

async function row(name: string, product: Product, kernel: string, a: Strided, b: Strided, rest: readonly unknown[]): Promise<Row> {
  const inWebGl = webGl.kernels.get(kernel) as unknown as (...args: readonly unknown[]) => Strided;
  const WebGL2 = await time(async () => {
    let last: Strided | null = null;
    for (let i = 0; i < CALLS; i++) last = inWebGl(a, b, ...rest);
    (last as unknown as Strided).data.at(0);
  });
  const [x, y] = [webGpu.upload(a.data as Float32Array), webGpu.upload(b.data as Float32Array)];
  const WebGPU = await time(async () => {
    const results = Array.from({ length: CALLS }, () => webGpu.multiply(product, x, y));
    await webGpu.read(results.at(-1) as GPUBuffer);
    for (const result of results) result.destroy();
  });
  return { name, milliseconds: { WebGL2, WebGPU } };
}

const rows: Row[] = [];
for (const n of [64, 256, 512]) rows.push(await row(`matmul ${n}`, matmulProduct(n, n, n), "matmul", draw([1, n, n]), draw([1, n, n]), []));

const image: Extents4 = [8, 28, 28, 20];
const filter: Extents4 = [3, 3, 20, 40];
const geometry = { stride: [1, 1], padding: [1, 1, 1, 1], groups: 1 } as const;
const products = convolutionProducts(image, filter, geometry);
const out = [8, 28, 28, 40];
rows.push(await row("conv2d 8×28×28×20 → 40, 3×3", products.forward, "conv2d", draw(image), draw(filter), [geometry]));
rows.push(await row("its input gradient", products.inputGradient, "conv2dInputGradient", draw(out), draw(filter), [geometry, image]));
rows.push(await row("its filter gradient", products.filterGradient, "conv2dFilterGradient", draw(image), draw(out), [geometry, filter]));

const report = {
  webGl: webGl.renderer,
  webGpu: webGpu.renderer,
  rows: rows.map(
    ({ name, milliseconds: { WebGL2, WebGPU } }) => `${name}: ${WebGL2.toFixed(2)} ms in WebGL2, ${WebGPU.toFixed(2)} ms in WebGPU`,
  ),
};
(document.getElementById("report") as HTMLElement).textContent = JSON.stringify(report, null, 2);
document.title = "measured";
