import type { Backend } from "@lodo/tensor";
import { type BackendChoice, describeChoice } from "./choice.ts";
import { openBackend } from "./openBackend.ts";

const opened = new Map<string, Promise<Backend | null>>();

/** The backend that jobs of this choice share in this thread: opened once, since each has memory of its own. @throws what openBackend throws. */
export function backendOfThread(choice: BackendChoice): Promise<Backend | null> {
  const key = describeChoice(choice);
  const found = opened.get(key) ?? openBackend(choice.backend, choice).then(({ backend }) => backend);
  opened.set(key, found);
  return found;
}
