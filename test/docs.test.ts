import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it, vi } from "vitest";

/** Pages whose TypeScript is run: the blocks of a page form one module, and each `text` block is what it has printed since the last. */
const pages = ["docs/tutorial.md", ...readdirSync("docs/how-to").map((name) => join("docs/how-to", name))];

interface Block {
  readonly language: string;
  readonly code: string;
}

function blocksOf(page: string): readonly Block[] {
  const fence = /^```(?<language>\w+)\n(?<code>[\s\S]*?)^```$/gm;
  return [...readFileSync(page, "utf8").matchAll(fence)].map(({ groups }) => groups as unknown as Block);
}

/** A mark that separates what one block prints from what the next does. */
const MARK = "— end of block —";

function moduleOf(blocks: readonly Block[]): string {
  return blocks
    .filter(({ language }) => language === "ts" || language === "text")
    .map(({ language, code }) => (language === "ts" ? code : `console.log("${MARK}");\n`))
    .join("\n");
}

it("README.md prints what it says it prints, under plain Node", () => {
  const blocks = blocksOf("README.md");
  const file = resolve(".docs-tests", "README.mjs");
  mkdirSync(resolve(".docs-tests"), { recursive: true });
  writeFileSync(file, blocks.find(({ language }) => language === "js")?.code ?? "");
  const printed = execFileSync(process.execPath, [file], { encoding: "utf8" });
  expect(printed.trim()).toBe(blocks.find(({ language }) => language === "text")?.code.trim());
});

describe.each(pages)("%s", async (page) => {
  const blocks = blocksOf(page);
  const file = resolve(".docs-tests", `${page.replaceAll(/[^a-zA-Z0-9]/g, "-")}.ts`);
  mkdirSync(resolve(".docs-tests"), { recursive: true });
  writeFileSync(file, moduleOf(blocks));
  const printed: string[] = [];
  const spy = vi.spyOn(console, "log").mockImplementation((...args: unknown[]) => {
    printed.push(args.map(String).join(" "));
  });
  try {
    await import(pathToFileURL(file).href);
  } finally {
    spy.mockRestore();
  }

  it("prints what it says it prints", () => {
    const expected = blocks.filter(({ language }) => language === "text").map(({ code }) => code.trimEnd());
    const actual = printed.join("\n").split(`${MARK}`).slice(0, expected.length);
    expect(actual.map((text) => text.trim())).toEqual(expected);
  });
});
