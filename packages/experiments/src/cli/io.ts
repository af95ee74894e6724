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

/** The streams and signals of this process. A reader that closes its end of stdout early (`lodo list | head -1`) ends it quietly. */
export function processIo(): Io {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
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
