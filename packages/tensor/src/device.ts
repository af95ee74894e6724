import ndarray from "ndarray";
import type { Data, Strided } from "./dtype.ts";
import { product, type Shape } from "./shape.ts";

/** A flat stretch of float32 numbers that lies on a device. Whoever made it frees it; see `adopt`. */
export interface DeviceMemory {
  readonly size: number;
  /** The numbers, waiting for the device where necessary; fetched once. @throws BackendError if the device only answers `read`, or is lost. */
  fetch(): Data;
  /** The numbers, as soon as the device has them. */
  read(): Promise<Data>;
}

/** A strided view of numbers on a device. To a kernel that knows no device it is like any other: its `data` fetches them. */
export interface DeviceStorage extends Strided {
  readonly device: DeviceMemory;
}

/** Where a view's numbers lie, if that is a device. */
export const deviceOf = (storage: Strided): DeviceMemory | undefined => (storage as Partial<DeviceStorage>).device;

const NOTHING = new Float32Array(0);

/** A view of device memory; dense in row-major order unless told. */
export function deviceStorage(
  device: DeviceMemory,
  shape: Shape,
  stride: readonly number[] = shape.map((_, d) => product(shape.slice(d + 1))),
  offset = 0,
): DeviceStorage {
  const storage = ndarray<Data>(NOTHING, [...shape], [...stride], offset);
  Object.defineProperty(storage, "data", { get: () => device.fetch() });
  return Object.assign(storage, { device });
}
