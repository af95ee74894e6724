import type { Device } from "../src/device/device.ts";
import { plainDevice } from "../src/device/plain.ts";

/** A device that forgets everything when told. */
export async function forgetful(): Promise<Device & { lose(): void }> {
  const { GPU } = await import("gpu.js");
  const device = plainDevice(new GPU({ mode: "cpu" }), 64);
  let lost = false;
  return {
    ...device,
    get lost() {
      return lost;
    },
    read: (texels) => (lost ? null : device.read(texels)),
    lose: () => {
      lost = true;
    },
  };
}
