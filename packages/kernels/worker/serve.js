// One thread of a crew: waits for a job, claims ranges of it until none is left, waits for the next. Plain JavaScript, so that it is the same file for
// the sources and for the build. What it is started with is described in src/threads/control.ts.

/** Looks for a job this often before going to sleep: some 50 µs. Between two kernels of a step there is less. */
const SPINS = 5000;

/** @param {import("../src/threads/control.ts").Start} start */
async function serve({ module, memory, control, job, layout, names, shift }, ready) {
  const { exports } = await WebAssembly.instantiate(module, { env: { memory, abort: () => {} } });
  exports.setShift(shift);
  const functions = names.map((name) => exports[name]);
  const { jobs, asleep } = layout.control;
  // What was done before this thread came is not its business.
  let seen = Atomics.load(control, jobs);
  ready();
  for (;;) {
    let now = Atomics.load(control, jobs);
    for (let i = 0; now === seen && i < SPINS; i++) now = Atomics.load(control, jobs);
    if (now === seen) {
      Atomics.add(control, asleep, 1);
      Atomics.wait(control, jobs, seen);
      Atomics.sub(control, asleep, 1);
      continue;
    }
    seen = now;
    takePart(functions, control, job, layout);
  }
}

/** Claims ranges and calls the function on them until none is left; as in src/threads/crew.ts. */
function takePart(functions, control, job, { control: at, job: field }) {
  for (;;) {
    const claimed = Atomics.load(control, at.claimed);
    const next = claimed & 0xffff;
    if (next >= claimed >>> 16) return;
    if (Atomics.compareExchange(control, at.claimed, claimed, claimed + 1) !== claimed) continue;
    const end = field.args + job[field.count];
    const args = Array.from(job.subarray(field.args, end));
    args[job[field.place]] = job[end + next];
    args[job[field.place] + 1] = job[end + next + 1];
    try {
      functions[job[field.function]](...args);
    } catch {
      Atomics.store(control, at.failed, 1);
    }
    // A range that failed is done, too: the caller waits for all of them, and then says so.
    Atomics.add(control, at.done, 1);
    Atomics.notify(control, at.done);
  }
}

const inNode = typeof WorkerGlobalScope === "undefined";
if (inNode) {
  // Named by a variable, so that bundlers for the browser do not look for it.
  const threads = "node:worker_threads";
  // Not awaited at the top: bundlers make scripts of workers, which cannot.
  import(/* @vite-ignore */ threads).then(({ parentPort, workerData }) => serve(workerData, () => parentPort.postMessage("ready")));
} else {
  self.onmessage = ({ data }) => serve(data, () => self.postMessage("ready"));
}
