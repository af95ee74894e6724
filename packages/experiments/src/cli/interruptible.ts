import type { Io } from "./io.ts";
import type { Progress } from "./progress.ts";

/** What `work` comes to, and the end of its progress. The signal aborts at the first request to end early. */
export async function interruptible<T>(io: Io, progress: Progress, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interruption = new AbortController();
  const stopListening = io.onInterrupt((signal) => interruption.abort(signal));
  try {
    return await work(interruption.signal);
  } finally {
    stopListening();
    progress.stop();
  }
}
