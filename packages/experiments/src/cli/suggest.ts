import { closest, distance } from "fastest-levenshtein";
import { UsageError } from "./errors.ts";

/** The known name that was meant: one that contains what was typed, or the nearest if at most a third of it (or two letters) would change. */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const lower = typed.toLowerCase();
  const container = lower.length > 2 ? known.find((name) => name.toLowerCase().includes(lower)) : undefined;
  if (container !== undefined) return container;
  const candidate = closest(lower, known as string[]);
  return distance(lower, candidate.toLowerCase()) <= Math.max(2, lower.length / 3) ? candidate : undefined;
}

/** `no task "bowl"; did you mean "noisy-quadratic-bowl"? (known: …)` */
export function unknownName(kind: string, typed: string, known: readonly string[]): UsageError {
  const meant = nearest(typed, known);
  const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
  return new UsageError(`no ${kind} "${typed}"${hint} (known: ${known.length === 0 ? "none" : known.join(", ")})`);
}

/** The entry of a registry with this id. @throws UsageError naming the nearest id. */
export function byId<T extends { readonly id: string }>(kind: string, id: string, registry: readonly T[]): T {
  const found = registry.find((entry) => entry.id === id);
  if (!found)
    throw unknownName(
      kind,
      id,
      registry.map((entry) => entry.id),
    );
  return found;
}
