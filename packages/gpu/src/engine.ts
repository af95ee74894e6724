import { adopt, type Backend, BackendError, type Data, deviceOf, deviceStorage, kernels, type Strided, withBackend } from "@lodo/tensor";
import type { Device, Parameters, Pass, Texels } from "./device/device.ts";
import { Resident } from "./resident.ts";
import type { Bench, Result, Rule } from "./rule.ts";
import { freeze, stillThere } from "./snapshot.ts";
import { Uploads } from "./uploads.ts";
import { Value } from "./value.ts";

export interface EngineOptions {
  readonly device: Device;
  readonly fallback: Backend | null;
  readonly breakEven: number;
  readonly onLost: "fall back" | "stop";
}

/** Recipes deeper than this end in numbers: a loop that never fetches would keep the whole of its past. */
const DEEPEST = 256;

export class Engine {
  readonly #device: Device;
  readonly #fallback: Backend | null;
  readonly #breakEven: number;
  readonly #onLost: "fall back" | "stop";
  readonly #uploads: Uploads;
  readonly #forgotten: FinalizationRegistry<Texels>;
  #lost = false;

  constructor({ device, fallback, breakEven, onLost }: EngineOptions) {
    this.#device = device;
    this.#fallback = fallback;
    this.#breakEven = breakEven;
    this.#onLost = onLost;
    this.#uploads = new Uploads(device);
    this.#forgotten = new FinalizationRegistry((texels) => device.free(texels));
  }

  /** Has the context been lost? What it held is computed again where somebody asks for it. */
  get lost(): boolean {
    this.#lost ||= this.#device.lost;
    return this.#lost;
  }

  /** The kernel that computes by a rule where that pays, and on the processor elsewhere. */
  kernel<Args extends readonly unknown[]>(rule: Rule<Args>): (...args: Args) => unknown {
    return (...args) => {
      const operands = rule.operands(...args);
      if (!this.#pays(operands, rule.work(...args)) || this.#gone(rule.name)) return this.#onProcessor(rule.name, args);
      const result = this.#attempt(rule, operands, args);
      return result ? this.#keep(rule.name, result, operands, args) : this.#onProcessor(rule.name, args);
    };
  }

  /** Numbers that lie on the device stay there, however few. */
  #pays(operands: readonly Strided[], work: number): boolean {
    if (operands.some((x) => x.dtype !== "float32" || x.size === 0)) return false;
    return work >= this.#breakEven || operands.some((x) => deviceOf(x) instanceof Resident);
  }

  #gone(op: string): boolean {
    if (!this.lost) return false;
    if (this.#onLost === "stop")
      throw new BackendError(op, `the GPU's context is lost (${this.#device.renderer}); what was computed can still be read`);
    return true;
  }

  #onProcessor(name: string, args: readonly unknown[]): unknown {
    return withBackend(this.#fallback, () => {
      const kernel = this.#fallback?.kernels.get(name) ?? kernels.get(name)?.reference;
      return (kernel as unknown as (...args: readonly unknown[]) => unknown)(...args);
    });
  }

  /** Null where the rule declines, or the device is lost on the way. */
  #attempt<Args extends readonly unknown[]>(rule: Rule<Args>, operands: readonly Strided[], args: Args): Result | null {
    const temporary: Texels[] = [];
    const run = (pass: Pass, inputs: readonly Texels[], { integers = [], reals = [] }: Partial<Parameters> = {}): Texels =>
      this.#device.run(pass, inputs, { integers, reals });
    const bench: Bench = {
      place: (x) => {
        const memory = deviceOf(x);
        return memory instanceof Resident
          ? { texels: memory.texels, offset: x.offset }
          : this.#uploads.take(x, (texels) => temporary.push(texels));
      },
      pass: (...call) => {
        const texels = run(...call);
        temporary.push(texels);
        return texels;
      },
      result: (shape, ...call) => ({ shape, texels: run(...call) }),
    };
    try {
      return rule.run(bench, ...args);
    } catch (error) {
      if (this.#gone(rule.name)) return null;
      const shapes = operands.map(({ shape }) => `[${shape}]`).join(", ");
      throw new BackendError(
        rule.name,
        `of ${shapes} on the GPU (${this.#device.mode}, ${this.#device.renderer}): ${(error as Error).message}`,
      );
    } finally {
      for (const texels of temporary) this.#device.free(texels);
    }
  }

  #keep(name: string, { texels, shape }: Result, operands: readonly Strided[], args: readonly unknown[]): Strided {
    const frozen = freeze(args);
    const size = shape.reduce((a, n) => a * n, 1);
    const depth = 1 + Math.max(...operands.map((x) => unknownDepth(x)));
    const value = new Value(size, depth, () => {
      stillThere(name, frozen);
      return dense(this.#onProcessor(name, frozen.args) as Strided);
    });
    const resident = new Resident(this.#device, texels, value);
    this.#forgotten.register(resident, texels, resident);
    adopt(resident, () => {
      this.#forgotten.unregister(resident);
      this.#device.free(texels);
    });
    if (depth > DEEPEST) resident.fetch();
    return deviceStorage(resident, shape);
  }
}

const unknownDepth = (x: Strided): number => {
  const memory = deviceOf(x);
  return memory instanceof Resident && !memory.value.known ? memory.value.depth : 0;
};

/** The numbers of a kernel's result, which is dense. */
const dense = ({ data, offset, size }: Strided): Data =>
  offset === 0 && data.length === size ? data : data.subarray(offset, offset + size);
