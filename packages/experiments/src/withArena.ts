import { type Arena, createArena, tensorsIn } from "@lodo/tensor";

/** What `f` comes to with an arena of its own. When it ends, the memory waiting there goes back to the backend's heap, for whatever runs next. */
export function withArena<T>(f: (arena: Arena) => T): T {
  const arena = createArena();
  try {
    return f(arena);
  } finally {
    arena.close();
  }
}

/** Ends the life of all tensors in `state`: what a run has come to goes back at once, and not when the garbage collector finds it. */
export const discard = (arena: Arena, state: unknown): void =>
  arena.run(
    () => undefined,
    () => [],
    tensorsIn(state),
  );
