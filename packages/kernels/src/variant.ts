/** Which build of the module: over shared memory or not, with fused multiply-adds or not. */
export type Variant = "plain" | "shared" | "plainFused" | "sharedFused";

const load: Readonly<Record<Variant, () => Promise<{ readonly base64: string }>>> = {
  plain: () => import("./wasm/plain.ts"),
  shared: () => import("./wasm/shared.ts"),
  plainFused: () => import("./wasm/plainFused.ts"),
  sharedFused: () => import("./wasm/sharedFused.ts"),
};

export async function compileVariant(variant: Variant): Promise<WebAssembly.Module> {
  const { base64 } = await load[variant]();
  return WebAssembly.compile(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
}
