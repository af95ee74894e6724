/** Where text goes. */
export interface Sink {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** What a command can reach of the outside world: results go to stdout; progress, notes and errors to stderr. */
export interface Io {
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Calls `stop` at the first request to end early, with the signal's name; the next one ends the process. Returns how to stop listening. */
  onInterrupt(stop: (signal: string) => void): () => void;
}

/** What a failure to write ends the process with, and what it says; null if the work goes on. */
function ending(
  stream: "stdout" | "stderr",
  { code, message }: NodeJS.ErrnoException,
): { readonly code: number; readonly words: string } | null {
  if (code !== "EPIPE") return { code: 1, words: `error: cannot write to ${stream}: ${message}\n` };
  return stream === "stdout" ? { code: 0, words: "" } : null;
}

/**
 * The streams and signals of this process. A reader that closes its end of stdout early (`lodo list | head -1`) ends it quietly; one that closes
 * stderr wants to hear no more of it. A stream that fails otherwise (a full disk) ends it with what the system says.
 */
export function processIo(): Io {
  for (const stream of ["stdout", "stderr"] as const) {
    process[stream].on("error", (error: NodeJS.ErrnoException) => {
      const end = ending(stream, error);
      if (end === null) return;
      if (stream === "stdout" && end.words !== "") process.stderr.write(end.words);
      process.exit(end.code);
    });
  }
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    onInterrupt(stop) {
      const signals = ["SIGINT", "SIGTERM"] as const;
      const remove = (): void => signals.forEach((signal) => void process.removeListener(signal, listener));
      const listener = (signal: NodeJS.Signals): void => {
        remove();
        stop(signal);
      };
      for (const signal of signals) process.on(signal, listener);
      return remove;
    },
  };
}

/** Results as one JSON document. */
export const writeJson = ({ stdout }: Io, value: unknown): void => void stdout.write(`${JSON.stringify(value, null, 2)}\n`);
