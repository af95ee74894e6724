import type { Start } from "./control.ts";

/** A thread that has come up. */
export interface Thread {
  close(): Promise<void>;
}

interface NodeWorker {
  once(event: "message" | "error", listener: (value: unknown) => void): void;
  unref(): void;
  terminate(): Promise<number>;
}

/** Starts a thread in Node or in a page; settled when it waits for work. */
export const spawn = (start: Start): Promise<Thread> => (typeof Worker === "undefined" ? spawnInNode(start) : spawnInPage(start));

async function spawnInNode(start: Start): Promise<Thread> {
  // Named by a variable, so that bundlers for the browser do not look for it.
  const name = "node:worker_threads";
  const { Worker: Constructor } = (await import(/* @vite-ignore */ name)) as {
    readonly Worker: new (url: URL, options: { readonly workerData: unknown; readonly execArgv: readonly string[] }) => NodeWorker;
  };
  // What this process was told on its command line (a test runner's import conditions, say) is not for its threads.
  const worker = new Constructor(new URL("../../worker/serve.js", import.meta.url), { workerData: start, execArgv: [] });
  await new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  worker.unref();
  return {
    close: async () => {
      await worker.terminate();
    },
  };
}

async function spawnInPage(start: Start): Promise<Thread> {
  const worker = new Worker(new URL("../../worker/serve.js", import.meta.url), { type: "module" });
  await new Promise((resolve, reject) => {
    worker.onmessage = resolve;
    // A script that does not load is an event without a word.
    worker.onerror = ({ message }) => reject(new Error(message || "their script does not load (is it served with COEP: require-corp?)"));
    worker.postMessage(start);
  });
  return { close: async () => worker.terminate() };
}
