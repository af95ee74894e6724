import { BackendError } from "@lodo/tensor";
import type { GlTexture } from "./compiled.ts";
import type { Texels } from "./device.ts";

export interface GlTexels extends Texels {
  readonly texture: GlTexture;
}

/** Extents of the texture that gpu.js lays out n texels in: `closestSquareDimensions` in its utils.js. */
export function extentsOf(n: number): readonly [width: number, height: number] {
  const root = Math.sqrt(n);
  let high = Math.ceil(root);
  let low = Math.floor(root);
  while (high * low < n) {
    high--;
    low = Math.ceil(n / high);
  }
  return [low, Math.ceil(n / low)];
}

/** Textures of a context: counted, pooled by size, and freed for good under pressure. */
export class Textures {
  readonly #gl: WebGLRenderingContext;
  readonly #limit: number;
  /** An example of each kind, to make others like it. */
  readonly #examples: { readonly scalar: GlTexture; readonly packed: GlTexture };
  readonly #pool: Map<string, GlTexels[]> = new Map();
  readonly #widest: number;
  #bytes = 0;

  constructor(gl: WebGLRenderingContext, examples: { readonly scalar: GlTexture; readonly packed: GlTexture }, limit: number) {
    this.#gl = gl;
    this.#examples = examples;
    this.#limit = limit;
    this.#widest = gl.getParameter(gl.MAX_TEXTURE_SIZE) as number;
  }

  /** Bytes of all textures, those in the pool included. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Uninitialised. @throws BackendError if it is too large, or there is no room. */
  take(size: number, packed: boolean): GlTexels {
    return this.#pool.get(`${packed}${size}`)?.pop() ?? this.#make(size, packed);
  }

  give(texels: GlTexels): void {
    const key = `${texels.packed}${texels.size}`;
    const shelf = this.#pool.get(key);
    if (shelf) shelf.push(texels);
    else this.#pool.set(key, [texels]);
  }

  #make(size: number, packed: boolean): GlTexels {
    const [width, height] = extentsOf(size);
    if (height > this.#widest || width > this.#widest) {
      throw new BackendError(
        "gpu",
        `${size} texels need a texture of ${width} × ${height}, and this device's limit is ${this.#widest} a side`,
      );
    }
    const example = packed ? this.#examples.packed : this.#examples.scalar;
    const bytes = width * height * this.#bytesOf(example);
    if (this.#bytes + bytes > this.#limit) this.#drain();
    if (this.#bytes + bytes > this.#limit) throw this.#full(bytes);
    const texture = example.clone();
    const output = [size];
    Object.assign(texture, { size: Int32Array.of(width, height), output, dimensions: Int32Array.of(size, 1, 1) });
    const gl = this.#gl;
    while (gl.getError() !== gl.NO_ERROR && !gl.isContextLost());
    texture.newTexture();
    if (gl.getError() === gl.OUT_OF_MEMORY) throw this.#full(bytes);
    this.#bytes += bytes;
    return { size, packed, texture };
  }

  #bytesOf({ internalFormat }: GlTexture): number {
    return internalFormat === (this.#gl as WebGL2RenderingContext).R32F ? 4 : 16;
  }

  /** Frees what waits in the pool. */
  #drain(): void {
    for (const shelf of this.#pool.values()) {
      for (const { texture } of shelf) {
        this.#gl.deleteTexture(texture.texture);
        this.#bytes -= (texture.size[0] as number) * (texture.size[1] as number) * this.#bytesOf(texture);
      }
    }
    this.#pool.clear();
  }

  #full(bytes: number): BackendError {
    const MiB = (n: number): string => `${(n / 2 ** 20).toFixed(1)} MiB`;
    return new BackendError(
      "gpu",
      `no room for a texture of ${MiB(bytes)}: ${MiB(this.#bytes)} are taken, and the limit is ${MiB(this.#limit)}; give it more (memory) if the device has it, or compute in smaller batches`,
    );
  }
}
