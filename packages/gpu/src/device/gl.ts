import { BackendError } from "@lodo/tensor";
import type { GPU } from "gpu.js";
import { Bounded } from "./bounded.ts";
import { type Compiled, compile, type GlTexture } from "./compiled.ts";
import type { Counts, Device, Parameters, Pass, Texels } from "./device.ts";
import { addNatives } from "./natives.ts";
import { extentsOf, type GlTexels, Textures } from "./textures.ts";

/** WebGL's TEXTURE15, which gpu.js's kernels leave alone too. */
const SPARE_UNIT = 15;

/** A kernel and its first texture, which gpu.js makes with it. */
const trial = (gpu: GPU, source: string): GlTexture =>
  compile(gpu, { source, size: 1, packed: false }, [], { integers: [], reals: [] })() as GlTexture;

/** Textures and shaders of one context. */
export function glDevice(gpu: GPU, mode: "webgl2" | "webgl" | "headlessgl", { memory, bound }: { memory: number; bound: number }): Device {
  addNatives(gpu, mode);
  const examples = {
    scalar: trial(gpu, "function () { return 0.5; }"),
    packed: trial(gpu, "function () { return [0.5, 0.5, 0.5, 0.5]; }"),
  };
  const gl = gpu.context as WebGLRenderingContext;
  const textures = new Textures(gl, examples, memory);
  const counts: Counts = { passes: 0, uploads: 0, reads: 0 };
  const framebuffer = gl.createFramebuffer();
  let closed = false;

  const kernels = new Bounded<Compiled>(bound, (kernel) => {
    // Its last result may still be in use.
    kernel.kernel.texture = null;
    kernel.destroy();
  });

  const build = (pass: Pass, inputs: readonly Texels[], parameters: Parameters): Compiled => {
    const types = inputs.map(({ packed }) => (packed ? "ArrayTexture(4)" : "ArrayTexture(1)"));
    const compiled = compile(gpu, pass, types, parameters);
    compiled.build(...inputs.map((t) => (t as GlTexels).texture), ...parameters.integers, ...parameters.reals);
    const { kernel } = compiled;
    // It would run on the processor in silence.
    if (kernel.constructor !== (gpu.Kernel as unknown) && !gl.isContextLost()) {
      throw new BackendError("gpu", `gpu.js does not run a kernel in ${mode}: ${kernel.fallbackReason ?? kernel.constructor.name}`);
    }
    if (kernel.texture) {
      const { texture } = kernel.texture;
      const laidOut = Array.from(kernel.texSize).join(" × ");
      if (laidOut !== extentsOf(pass.size).join(" × ")) throw new BackendError("gpu", `gpu.js lays ${pass.size} texels out as ${laidOut}`);
      gl.deleteTexture(texture);
      const at = kernel.textureCache.indexOf(texture);
      if (at >= 0) kernel.textureCache.splice(at, 1);
    }
    return compiled;
  };

  const channels = (t: GlTexels): number => (t.texture.textureFormat === (gl as WebGL2RenderingContext).RED ? 1 : 4);

  return {
    mode,
    renderer: rendererOf(gl),
    counts,
    get bytes() {
      return textures.bytes;
    },
    get lost() {
      return closed || gl.isContextLost();
    },
    upload(numbers) {
      counts.uploads++;
      const texels = textures.take(numbers.length, false);
      const [width, height] = [texels.texture.size[0] as number, texels.texture.size[1] as number];
      const step = channels(texels);
      let values = numbers;
      // WebGL takes no memory that threads share.
      const shared = !(numbers.buffer instanceof ArrayBuffer);
      if (shared || values.length !== width * height * step) {
        values = new Float32Array(width * height * step);
        if (step === 1) values.set(numbers);
        else for (let i = 0; i < numbers.length; i++) values[step * i] = numbers[i] as number;
      }
      gl.activeTexture(gl.TEXTURE0 + SPARE_UNIT);
      gl.bindTexture(gl.TEXTURE_2D, texels.texture.texture);
      gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, texels.texture.textureFormat, gl.FLOAT, values);
      return texels;
    },
    run(pass, inputs, parameters) {
      counts.passes++;
      // The extents of its inputs are constants of the shader.
      const key = `${pass.source} ${pass.size} ${inputs.map((t) => `${t.packed}${t.size}`)}`;
      const out = textures.take(pass.size, pass.packed);
      try {
        const compiled = kernels.get(key, () => build(pass, inputs, parameters));
        compiled.kernel.texture = out.texture;
        compiled.kernel._textureSwitched = true;
        compiled(...inputs.map((t) => (t as GlTexels).texture), ...parameters.integers, ...parameters.reals);
      } catch (error) {
        textures.give(out);
        throw error;
      }
      return out;
    },
    read(texels) {
      counts.reads++;
      const { texture, size, packed } = texels as GlTexels;
      const [width, height] = [texture.size[0] as number, texture.size[1] as number];
      gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture.texture, 0);
      const values = new Float32Array(4 * width * height);
      gl.readPixels(0, 0, width, height, gl.RGBA, gl.FLOAT, values);
      if (gl.isContextLost()) return null;
      if (packed) return values.subarray(0, 4 * size);
      const out = new Float32Array(size);
      for (let i = 0; i < size; i++) out[i] = values[4 * i] as number;
      return out;
    },
    free(texels) {
      if (!closed) textures.give(texels as GlTexels);
    },
    async close() {
      closed = true;
      await gpu.destroy();
    },
  };
}

function rendererOf(gl: WebGLRenderingContext): string {
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  return String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
}
