import { type Data, leaseOf, type Strided } from "@lodo/tensor";
import type { Device, Texels } from "./device/device.ts";

interface Upload {
  readonly texels: Texels;
  readonly from: number;
  readonly to: number;
  /** The tenancy of the memory that was copied. */
  readonly generation: number;
}

const generationOf = (data: Data): number => leaseOf(data)?.generation ?? 0;

/** First and last position that a view reads, and one more. */
function span({ shape, stride, offset }: Strided): readonly [from: number, to: number] {
  let [low, high] = [offset, offset];
  shape.forEach((n, d) => {
    const reach = (n - 1) * (stride[d] as number);
    if (reach < 0) low += reach;
    else high += reach;
  });
  return [low, high + 1];
}

/**
 * Copies of ordinary memory on the device. What was copied is not copied again while its numbers live: tensors are immutable, and memory that
 * an arena hands on changes its generation. Of each array, only the stretch used last stays.
 */
export class Uploads {
  readonly #device: Device;
  readonly #known: WeakMap<Data, Upload> = new WeakMap();
  readonly #forgotten: FinalizationRegistry<Texels>;

  constructor(device: Device) {
    this.#device = device;
    this.#forgotten = new FinalizationRegistry((texels) => device.free(texels));
  }

  /** The numbers of a view, and where its first one lies in the copy. `retire` gets the copy that this one replaces, which may be in use. */
  take(x: Strided, retire: (texels: Texels) => void): { readonly texels: Texels; readonly offset: number } {
    const [from, to] = span(x);
    const known = this.#known.get(x.data);
    const generation = generationOf(x.data);
    if (known && known.generation === generation && known.from <= from && to <= known.to)
      return { texels: known.texels, offset: x.offset - known.from };
    if (known) {
      this.#known.delete(x.data);
      this.#forgotten.unregister(x.data);
      retire(known.texels);
    }
    const texels = this.#device.upload(x.data.subarray(from, to) as Float32Array);
    this.#known.set(x.data, { texels, from, to, generation });
    this.#forgotten.register(x.data, texels, x.data);
    return { texels, offset: x.offset - from };
  }
}
