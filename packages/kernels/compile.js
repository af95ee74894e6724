// Compiles assembly/ to WebAssembly, once for each variant, into modules that hold the bytes: they need neither a network nor a file to load.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "src/wasm");

/** 4 GiB, all that 32-bit addresses reach, in pages of 64 KiB. */
const MAXIMUM_PAGES = 65536;

const plain = ["--enable", "simd,bulk-memory", "--importMemory", "--maximumMemory", String(MAXIMUM_PAGES)];
const shared = [...plain, "--enable", "threads", "--sharedMemory"];
const fused = ["--enable", "relaxed-simd", "--use", "FUSED=1"];
const strict = ["--use", "FUSED=0"];

const variants = {
  plain: [...plain, ...strict],
  shared: [...shared, ...strict],
  plainFused: [...plain, ...fused],
  sharedFused: [...shared, ...fused],
};

const sources = readdirSync(join(here, "assembly"))
  .filter((file) => file.endsWith(".ts"))
  .sort();

const digest = createHash("sha256")
  .update(asc.version)
  .update(readFileSync(fileURLToPath(import.meta.url)));
for (const file of sources) digest.update(file).update(readFileSync(join(here, "assembly", file)));
const stamp = `// ${digest.digest("hex")}`;

mkdirSync(target, { recursive: true });
for (const [variant, flags] of Object.entries(variants)) {
  const path = join(target, `${variant}.ts`);
  if (existsSync(path) && readFileSync(path, "utf8").startsWith(stamp)) continue;
  const bytes = await compile(flags);
  // Never half a file for another build that runs at the same time.
  const whole = `${path}.${process.pid}`;
  writeFileSync(whole, `${stamp}\nexport const base64: string = "${Buffer.from(bytes).toString("base64")}";\n`);
  renameSync(whole, path);
}

async function compile(flags) {
  let bytes = null;
  const { error, stderr } = await asc.main(
    ["index.ts", "--baseDir", join(here, "assembly"), "--outFile", "out.wasm", "--runtime", "stub", "-O3", "--noAssert", ...flags],
    {
      writeFile: (_, contents) => {
        bytes = contents;
      },
    },
  );
  if (error) throw new Error(`AssemblyScript: ${error.message}\n${stderr}`);
  return bytes;
}
