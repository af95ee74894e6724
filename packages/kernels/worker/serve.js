// One thread of a crew: waits for a job, claims pieces of it until none is left, waits for the next. Plain JavaScript, so that it is the same file for
// the sources and for the build. What it is started with is described in src/threads/control.ts.

/** Looks at the job this often before going to sleep: some 50 µs. Between two kernels of a step there is less. */
const SPINS = 5000;

/** @param {import("../src/threads/control.ts").Start} start */
export async function serve({ module, memory, control, program, layout, names }, ready) {
  const { exports } = await WebAssembly.instantiate(module, { env: { memory, abort: () => {} } });
  const functions = names.map((name) => exports[name]);
  // What was done before this thread came is not its business.
  let seen = Atomics.load(control, layout.job);
  ready();
  for (;;) {
    let job = Atomics.load(control, layout.job);
    for (let i = 0; job === seen && i < SPINS; i++) job = Atomics.load(control, layout.job);
    if (job === seen) {
      Atomics.add(control, layout.asleep, 1);
      Atomics.wait(control, layout.job, seen);
      Atomics.sub(control, layout.asleep, 1);
      continue;
    }
    seen = job;
    work(functions, control, program, layout);
  }
}

/** Claims and runs pieces until none is left. */
export function work(functions, control, program, layout) {
  for (;;) {
    const claimed = Atomics.load(control, layout.claimed);
    const next = claimed & 0xffff;
    if (next >= claimed >>> 16) return;
    if (Atomics.compareExchange(control, layout.claimed, claimed, claimed + 1) !== claimed) continue;
    run(functions, program, next);
    Atomics.add(control, layout.done, 1);
    Atomics.notify(control, layout.done);
  }
}

function run(functions, program, piece) {
  const end = program[piece + 1];
  for (let at = program[piece]; at < end; ) {
    const count = program[at + 1];
    functions[program[at]](...program.subarray(at + 2, at + 2 + count));
    at += 2 + count;
  }
}

const inNode = typeof WorkerGlobalScope === "undefined";
if (inNode) {
  // Named by a variable, so that bundlers for the browser do not look for it.
  const threads = "node:worker_threads";
  const { parentPort, workerData } = await import(/* @vite-ignore */ threads);
  if (parentPort && workerData?.layout) serve(workerData, () => parentPort.postMessage("ready"));
} else {
  self.onmessage = ({ data }) => serve(data, () => self.postMessage("ready"));
}
