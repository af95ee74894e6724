import type { Data, DeviceMemory } from "@lodo/tensor";
import type { Device, Texels } from "./device/device.ts";
import type { Value } from "./value.ts";

/** Numbers that lie on the device. */
export class Resident implements DeviceMemory {
  readonly size: number;
  readonly texels: Texels;
  readonly value: Value;
  readonly #device: Device;

  constructor(device: Device, texels: Texels, value: Value) {
    this.size = value.size;
    this.texels = texels;
    this.value = value;
    this.#device = device;
  }

  /** Read from the device once. Where the device has lost them, they are computed again. */
  fetch(): Data {
    if (this.value.known) return this.value.fetch();
    const numbers = this.#device.lost ? null : this.#device.read(this.texels);
    if (numbers) this.value.numbers = numbers;
    return this.value.fetch();
  }

  read(): Promise<Data> {
    return Promise.resolve().then(() => this.fetch());
  }
}
