import { type Arena, createArena } from "@lodo/tensor";

/** What `f` comes to with an arena of its own. When it ends, the memory waiting there goes back to the backend's heap, for whatever runs next. */
export function withArena<T>(f: (arena: Arena) => T): T {
  const arena = createArena();
  try {
    return f(arena);
  } finally {
    arena.close();
  }
}
