import { Tinypool } from "tinypool";

/**
 * Memory in which threads count the work that is done, and how much of it other processes had done earlier. Of 32 bits it would overflow: a few
 * long runs evaluate 2³¹ losses.
 */
export type WorkCounter = BigInt64Array;

export function count(work: WorkCounter, done: number, earlier = false): void {
  if (earlier) Atomics.add(work, 1, BigInt(done));
  Atomics.add(work, 0, BigInt(done));
}

/** Which threads. */
export interface ThreadsOptions {
  /** A module under `src/`, as `pool/worker`, and the function of it that does a task. */
  readonly module: string;
  readonly name: string;
  readonly threads: number;
}

/** How some work on them is watched and ended. */
export interface WatchOptions {
  /** Called a few times a second with the work counted so far, and how much of it was done earlier, and at the end. */
  readonly onProgress: (done: number, earlier: number) => void;
  /** Ends the work, whatever the threads are at, when it aborts. */
  readonly signal?: AbortSignal | undefined;
  /** What an abortion is reported as. */
  readonly interruption: (done: number) => Error;
}

/** Sends tasks to threads, which count what they have done of them. A task is plain data; its promise rejects if its thread dies. */
type Work<T> = (send: (task: object) => Promise<unknown>, counter: WorkCounter) => Promise<T>;

/** Threads that stay until they are closed. */
export interface Threads {
  /**
   * Gives `work` the threads to send tasks to.
   * @throws WorkerError if threads cannot start; what `interruption` returns if `signal` aborts before `work` has ended.
   */
  use<T>(watch: WatchOptions, work: Work<T>): Promise<T>;
  /** Ends them, whatever they are at. */
  close(): Promise<void>;
}

const progressMilliseconds = 200;

export function openThreads({ module, name, threads }: ThreadsOptions): Threads {
  const pool = new Tinypool({
    // Workers run the build: a thread of Node 20 cannot load TypeScript.
    filename: new URL(`../../dist/${module}.js`, import.meta.url).href,
    name,
    minThreads: threads,
    maxThreads: threads,
    // What this process was told on its command line (a test runner's import conditions, say) is not for its threads.
    execArgv: [],
  });
  const broken = new Promise<never>((_, reject) => pool.on("error", (error: unknown) => reject(new WorkerError(error))));
  // Nobody need be waiting for it.
  broken.catch(() => {});
  return {
    async use({ onProgress, signal, interruption }, work) {
      const counter: WorkCounter = new BigInt64Array(new SharedArrayBuffer(16));
      const done = (): number => Number(Atomics.load(counter, 0));
      const report = (): void => onProgress(done(), Number(Atomics.load(counter, 1)));
      const listening = new AbortController();
      const interrupted = new Promise<never>((_, reject) => {
        const interrupt = (): void => reject(interruption(done()));
        if (signal?.aborted) interrupt();
        else signal?.addEventListener("abort", interrupt, { once: true, signal: listening.signal });
      });
      const timer = setInterval(report, progressMilliseconds);
      try {
        const all = work((task) => pool.run(task), counter);
        // Tasks that an interruption cuts off reject too, after it.
        all.catch(() => {});
        return await Promise.race([interrupted, broken, all]);
      } finally {
        listening.abort();
        clearInterval(timer);
        report();
      }
    },
    close: () => pool.destroy(),
  };
}

/** The same with threads that end with the work. */
export async function withThreads<T>(options: ThreadsOptions & WatchOptions, work: Work<T>): Promise<T> {
  const threads = openThreads(options);
  try {
    return await threads.use(options, work);
  } finally {
    await threads.close();
  }
}

/** Worker threads that cannot begin to work. */
export class WorkerError extends Error {
  override readonly name = "WorkerError";
  constructor(cause: unknown) {
    super(`the worker threads cannot start: ${messageOf(cause)}`, { cause });
  }
}

/** Work that was told to end early. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
  constructor(ended: number, total: number) {
    super(`interrupted after ${ended} of ${total} runs`);
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
