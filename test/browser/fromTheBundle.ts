import type { Plugin } from "vite";

/** Where the bundle lies on the server: a public file, which is served as it is. */
const BUNDLE = "/library.js";

const PREFIX = "\0bundle:";

/** A package by its name, or by what its own tests call it. */
function packageOf(id: string, importer: string | undefined): string | undefined {
  const named = /^@lodo\/(\w+)$/.exec(id)?.[1];
  if (named !== undefined || id !== "../src/index.ts") return named;
  return /\/packages\/(\w+)\/test\//.exec(importer ?? "")?.[1];
}

/** Gives those who import a package what the bundle has of it. */
export const fromTheBundle = (): Plugin => ({
  name: "from-the-bundle",
  enforce: "pre",
  // Not in Node, whose results the browser's are compared with.
  applyToEnvironment: ({ name }) => name === "client",
  resolveId(id, importer) {
    const name = packageOf(id, importer);
    return name === undefined ? null : `${PREFIX}${name}`;
  },
  async load(id) {
    if (!id.startsWith(PREFIX)) return null;
    const name = id.slice(PREFIX.length);
    const exported = Object.keys((await import(`@lodo/${name}`)) as object);
    return `const bundle = await import(/* @vite-ignore */ new URL("${BUNDLE}", location.origin).href);
if (!("${name}" in bundle)) throw new Error("test/browser/library.ts does not export @lodo/${name}");
export const { ${exported.join(", ")} } = bundle.${name};`;
  },
});
