import { BackendError } from "@lodo/tensor";
import { type Product, TILE, wgslOf } from "./product.ts";

/** Buffers and pipelines of one WebGPU device. */
export interface WebGpu {
  /** The adapter in the driver's words. */
  readonly renderer: string;
  upload(numbers: Float32Array): GPUBuffer;
  /** Queues a product of arrays; returns at once. */
  multiply(product: Product, a: GPUBuffer, b: GPUBuffer): GPUBuffer;
  /** The only thing here that waits. */
  read(buffer: GPUBuffer): Promise<Float32Array>;
  close(): void;
}

/** Buffer usages, whose names are globals in browsers only. */
const STORAGE = 0x80 | 0x8 | 0x4;
const STAGING = 0x1 | 0x8;
const MAP_READ = 1;

/** @throws BackendError if there is no adapter. */
export async function openWebGpu(gpu: GPU): Promise<WebGpu> {
  const adapter = await gpu.requestAdapter();
  if (!adapter) throw new BackendError("webgpu", "there is no adapter: no driver, or none that the browser allows");
  const device = await adapter.requestDevice();
  const pipelines = new Map<string, GPUComputePipeline>();

  const pipelineOf = (code: string): GPUComputePipeline => {
    let pipeline = pipelines.get(code);
    if (!pipeline) {
      pipeline = device.createComputePipeline({
        layout: "auto",
        compute: { module: device.createShaderModule({ code }), entryPoint: "main" },
      });
      pipelines.set(code, pipeline);
    }
    return pipeline;
  };

  return {
    renderer: [adapter.info.vendor, adapter.info.architecture, adapter.info.description].filter(Boolean).join(" "),
    upload(numbers) {
      const buffer = device.createBuffer({ size: numbers.byteLength, usage: STORAGE });
      device.queue.writeBuffer(buffer, 0, numbers as Float32Array<ArrayBuffer>);
      return buffer;
    },
    multiply(product, a, b) {
      const out = device.createBuffer({ size: 4 * product.m * product.n, usage: STORAGE });
      const pipeline = pipelineOf(wgslOf(product));
      const entries = [a, b, out].map((buffer, binding) => ({ binding, resource: { buffer } }));
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
      pass.dispatchWorkgroups(Math.ceil(product.n / TILE), Math.ceil(product.m / TILE));
      pass.end();
      device.queue.submit([encoder.finish()]);
      return out;
    },
    async read(buffer) {
      const staging = device.createBuffer({ size: buffer.size, usage: STAGING });
      const encoder = device.createCommandEncoder();
      encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
      device.queue.submit([encoder.finish()]);
      await staging.mapAsync(MAP_READ);
      const numbers = new Float32Array(staging.getMappedRange().slice(0));
      staging.destroy();
      return numbers;
    },
    close: () => device.destroy(),
  };
}
