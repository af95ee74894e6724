import { availableParallelism, totalmem } from "node:os";
import type { DType } from "@lodo/tensor";
import { InvalidArgumentError, Option } from "commander";
import { type BackendChoice, type BackendName, backendNames, describeChoice } from "../backends/choice.ts";
import { BackendUnavailableError } from "../backends/errors.ts";
import { type OpenedBackend, openBackend } from "../backends/openBackend.ts";
import { integerOf } from "./arguments.ts";
import { FailureError, UsageError } from "./errors.ts";
import type { Io } from "./io.ts";
import { unknownName } from "./suggest.ts";

/** What the command line said of what is to compute. */
export interface BackendFlags {
  readonly backend?: BackendName;
  readonly fastMath?: boolean;
}

/**
 * Bytes of memory for each of some backends that compute at a time: their part of the machine's, from 1 GiB to the 4 that WebAssembly can address.
 * What nothing has touched takes no room.
 */
export const backendMemory = (among: number): number => Math.min(2 ** 32, Math.max(2 ** 30, totalmem() / among));

/** Where a name stands that holds for every command which does not say otherwise. */
const VARIABLE = "LODO_BACKEND";

function backendName(text: string): BackendName {
  const found = backendNames.find((name) => name === text);
  if (found === undefined) throw new InvalidArgumentError(unknownName("backend", text, backendNames).message);
  return found;
}

/** `--backend` and `--fast-math`; `otherwise` is what a command computes on that is told nothing. */
export const backendOptions = (otherwise: BackendName = "auto"): readonly Option[] => [
  new Option("--backend <name>", `what computes: ${backendNames.join(", ")} (default: ${VARIABLE}, else ${otherwise})`).argParser(
    backendName,
  ),
  new Option("--fast-math", "let simd fuse multiplications and additions: faster, with other last bits"),
];

/** `--threads`, for a command that computes one thing at a time. */
export const threadsOption = (): Option =>
  new Option(
    "--threads <n>",
    "threads of simd; no result depends on it (default: one a processor for a task in float32, else 1)",
  ).argParser(integerOf(1, 256));

export interface AskedFor extends BackendFlags {
  /** Of simd. One unless told, or in float32 as many as there are processors: what is computed in float32 are networks, whose kernels take long. */
  readonly threads?: number;
  /** Bytes of memory of its own, where it has such: its default unless told. */
  readonly memory?: number;
  /** What computed the work that is being resumed, if any is. */
  readonly there?: BackendChoice | null;
  /** What is computed in; float64 unless told. */
  readonly dtype?: DType;
  /** If nobody says anything; `auto` unless told. */
  readonly otherwise?: BackendName;
}

/**
 * Opens what computes: as the command line says, else as the work being resumed began, else as LODO_BACKEND says, else `otherwise`. Says on stderr
 * where `auto` had to do without something better.
 * @throws UsageError if what was asked for by name is not to be had, with the remedy, or has no threads to share work among; FailureError if what began
 * the work is not to be had.
 */
export async function openAsked(
  io: Io,
  { backend, fastMath, there, dtype = "float64", otherwise = "auto", threads, memory }: AskedFor,
): Promise<OpenedBackend> {
  const resumed = there && (backend === undefined || backend === "auto") ? there.backend : null;
  const name = resumed ?? backend ?? environmentName() ?? otherwise;
  const fused = fastMath ?? there?.fastMath ?? false;
  if (name === "reference" && threads !== undefined && threads > 1)
    throw new UsageError(`--threads ${threads}: the reference computes in one thread; leave --threads out, or take --backend simd`);
  const shared = threads ?? (dtype === "float32" ? availableParallelism() : 1);
  try {
    const opened = await openBackend(name, {
      dtype,
      fastMath: fused,
      threads: shared,
      ...(memory === undefined ? {} : { memory }),
    });
    for (const { id, reason, remedy } of opened.passedOver) {
      if (remedy !== null)
        io.stderr.write(`note: computed by ${opened.choice.backend}, not ${id}: ${reason}; lodo backends says what would help\n`);
    }
    return opened;
  } catch (error) {
    if (!(error instanceof BackendUnavailableError)) throw error;
    if (resumed && there)
      throw new FailureError(`what is to go on was begun by ${describeChoice(there)}: ${error.message}`, { cause: error });
    throw new UsageError(error.message, { cause: error });
  }
}

function environmentName(): BackendName | null {
  const text = process.env[VARIABLE];
  if (text === undefined || text === "") return null;
  const found = backendNames.find((name) => name === text);
  if (found === undefined) throw new UsageError(`${VARIABLE}: ${unknownName("backend", text, backendNames).message}`);
  return found;
}
