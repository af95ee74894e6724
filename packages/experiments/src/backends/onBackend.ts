import { type Backend, useBackend } from "@lodo/tensor";

/** What `work` comes to with this backend in place of the one before, which returns when it has ended. One such piece of work at a time. */
export async function onBackend<T>(backend: Backend | null, work: () => Promise<T>): Promise<T> {
  const before = useBackend(backend);
  try {
    return await work();
  } finally {
    useBackend(before);
  }
}
