import type { Backend } from "@lodo/tensor";
import { type BackendChoice, describeChoice } from "./choice.ts";
import { openBackend } from "./openBackend.ts";

const opened = new Map<string, Promise<Backend | null>>();

/** The backend that jobs of this choice share in this thread: opened once, since each has memory of its own, of so many bytes where that is said. @throws what openBackend throws. */
export function backendOfThread(choice: BackendChoice, memory?: number): Promise<Backend | null> {
  const key = `${describeChoice(choice)} ${memory}`;
  const found =
    opened.get(key) ??
    openBackend(choice.backend, { ...choice, ...(memory === undefined ? {} : { memory }) }).then(({ backend }) => backend);
  opened.set(key, found);
  return found;
}
