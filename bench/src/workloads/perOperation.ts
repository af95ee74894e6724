import { add, kernels, type Strided, Tensor, type Vector, vjp } from "@lodo/tensor";
import { type BackendName, ours } from "../contenders/ours.ts";
import { assemble, type Contender, type Entry, type Maker } from "../workload.ts";

/** Operations in one repetition: what an arena and a tape cost by themselves is spread over them. */
const OPERATIONS = 100;

type Way = "kernel" | "operation" | "recorded" | "recorded, and pulled back";

/** What stands above a kernel: x + y on one number, as a bare call, as an operation, recorded on a tape, and with its cotangent. */
export const perOperation = (backend: BackendName): Entry => {
  const name = `add on one number, ${backend}`;
  return {
    family: name,
    name,
    open: async () => ({
      name,
      work: OPERATIONS,
      unit: "operations/s",
      tolerance: 0,
      contenders: await assemble(
        (["kernel", "operation", "recorded", "recorded, and pulled back"] as const).map((way): Maker => [way, () => inWay(backend, way)]),
      ),
    }),
  };
};

async function inWay(backend: BackendName, way: Way): Promise<Contender> {
  const us = await ours(backend);
  const [x, y] = [1, 2].map((value) => us.place([value], [1], "float32")) as [Vector, Vector];
  const kernel = kernels.get("add") as unknown as (x: Strided, y: Strided) => Strided;
  const repeated = <T>(start: T, f: (x: T) => T): T => {
    let z = start;
    for (let i = 0; i < OPERATIONS; i++) z = f(z);
    return z;
  };
  const sum = (x: Vector): Vector => repeated(x, (z) => add(z, y));
  const ways: Readonly<Record<Way, () => Tensor>> = {
    kernel: () => new Tensor(repeated(x.storage, (z) => kernel(z, y.storage))),
    operation: () => sum(x),
    recorded: () => vjp(sum, x)[0],
    "recorded, and pulled back": () => {
      const [z, pullback] = vjp(sum, x);
      pullback(y);
      return z;
    },
  };
  return { name: way, run: () => us.step(ways[way]), result: () => us.numbers(ways[way]), close: us.close };
}
