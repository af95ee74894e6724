import { type Arena, type Backend, cast, createArena, createRng, read, type Tensor, tensorsIn, withBackend } from "@lodo/tensor";
import { onBackend } from "../onBackend.ts";
import { type Workload, workloads } from "./workloads.ts";

/** What a backend made of one workload. */
export interface Measured {
  readonly id: string;
  readonly unit: Workload["unit"];
  /** In 10⁹ of them: the best of several measurements, since what else the machine does can only slow it down. */
  readonly rate: number;
  /** max |y − ŷ| / max |ŷ|, y in float32 and ŷ the reference's in float64. */
  readonly error: number;
}

/** Runs every workload on a backend, for about so many seconds in all, and compares the results with the reference's. */
export const selfTest = (backend: Backend | null, seconds: number): Promise<readonly Measured[]> =>
  onBackend(backend, async () => {
    const measured: Measured[] = [];
    for (const workload of workloads) measured.push(await measure(workload, seconds / workloads.length));
    return measured;
  });

async function measure(workload: Workload, seconds: number): Promise<Measured> {
  const { id, unit, work } = workload;
  const arena = createArena();
  try {
    // Inside an arena they lie where the backend computes.
    const inputs = arena.run(() => workload.inputs(createRng(1).split(id)), tensorsIn);
    const error = await errorOf(workload, inputs, arena);
    const fastest = await secondsPerCall(workload, inputs, arena, seconds);
    return { id, unit, rate: work / fastest / 1e9, error };
  } finally {
    arena.close();
  }
}

async function errorOf({ f }: Workload, inputs: readonly Tensor[], arena: Arena): Promise<number> {
  const y = await read(arena.run(() => f(...inputs), tensorsIn));
  const exact = withBackend(null, () => f(...inputs.map((t) => cast(t, "float64"))));
  const ŷ = await read(exact);
  let [error, largest] = [0, 0];
  for (let i = 0; i < ŷ.length; i++) {
    error = Math.max(error, Math.abs((y[i] as number) - (ŷ[i] as number)));
    largest = Math.max(largest, Math.abs(ŷ[i] as number));
  }
  return error / largest;
}

/** Calls between two looks at the clock: enough of them to take this long. */
const BATCH = 0.02;

async function secondsPerCall({ f }: Workload, inputs: readonly Tensor[], arena: Arena, budget: number): Promise<number> {
  const clock = (): number => performance.now() / 1000;
  const end = clock() + budget;
  let [calls, fastest] = [1, Number.POSITIVE_INFINITY];
  do {
    const began = clock();
    for (let call = 1; call < calls; call++)
      arena.run(
        () => f(...inputs),
        () => [],
      );
    const last = arena.run(() => f(...inputs), tensorsIn);
    // A device has computed the others too when it has answered this one.
    await read(last);
    const taken = clock() - began;
    arena.run(
      () => null,
      () => [],
      tensorsIn(last),
    );
    fastest = Math.min(fastest, taken / calls);
    if (taken < BATCH) calls *= 2;
  } while (clock() < end);
  return fastest;
}
