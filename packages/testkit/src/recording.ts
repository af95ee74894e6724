import { type Primitive, primitives, type Strided } from "@lodo/tensor";

/** One application of a primitive to plain arrays. */
export interface Call {
  readonly name: string;
  readonly attrs: unknown;
  readonly ins: readonly Strided[];
  readonly out: Strided;
}

type Erased = Primitive<unknown, unknown>;
type Mutable = { -readonly [K in keyof Erased]: Erased[K] };

/** Runs f with parts of a primitive exchanged. */
export function withPrimitive<T>(name: string, change: (p: Erased) => Partial<Erased>, f: () => T): T {
  const p = primitives.get(name) as unknown as Mutable;
  const original = { ...p };
  Object.assign(p, change(original));
  try {
    return f();
  } finally {
    Object.assign(p, original);
  }
}

/** Every application of a primitive while f runs, in order. */
export function callsDuring(f: () => unknown): readonly Call[] {
  const calls: Call[] = [];
  const names = [...primitives.keys()];
  const recorded = (name: string, inside: () => unknown): unknown =>
    withPrimitive(
      name,
      (p) => ({
        forward: (attrs, ...ins) => {
          const result = p.forward(attrs, ...ins);
          calls.push({ name, attrs, ins, out: result.out });
          return result;
        },
      }),
      inside,
    );
  names.reduce<() => unknown>((inside, name) => () => recorded(name, inside), f)();
  return calls;
}
