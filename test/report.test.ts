import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { presetNames } from "../packages/experiments/src/experiments/experiment.ts";
import { dataExperiments, experiments } from "../packages/experiments/src/experiments/index.ts";
import { savedExperimentSchema } from "../packages/experiments/src/report/saved.ts";
import { lodoHere } from "./lodo.ts";

const folder = mkdtempSync(join(tmpdir(), "lodo-report-"));
afterAll(() => rmSync(folder, { recursive: true }));

let copies = 0;
/** A fresh copy of a saved report. */
function saved(): string {
  const path = join(folder, `saved-${copies++}`);
  cpSync("test/fixtures/report", path, { recursive: true });
  return path;
}

/** A fresh folder of a run of 30 steps. */
async function run(): Promise<string> {
  const path = join(folder, `run-${copies++}`);
  const { code } = await lodoHere(["run", "rosenbrock", "--optimizer", "adam", "--steps", "30", "--out", path]);
  expect(code).toBe(0);
  return path;
}

async function pageOf(path: string): Promise<string> {
  const { code, stdout, stderr } = await lodoHere(["report", path]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toBe(`Report: ${join(path, "report.html")}\n`);
  return readFileSync(join(path, "report.html"), "utf8");
}

/** The tags that a document opens and does not close, or closes and has not opened. */
function unbalanced(html: string): readonly string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, close, name = "", empty] of html
    .replace(/<style>[\s\S]*?<\/style>/, "")
    .matchAll(/<(\/?)([a-zA-Z][\w]*)(?:\s[^>]*?)?(\/?)>/g)) {
    if (empty || name === "meta") continue;
    if (!close) open.push(name);
    else if (open.pop() !== name) wrong.push(name);
  }
  return [...wrong, ...open];
}

function expectSelfContained(html: string): void {
  expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
  expect(html).toContain("<title>");
  expect(unbalanced(html)).toEqual([]);
  expect(html).not.toMatch(/<script|<link|<iframe|@import|src=|(?:href|url\()=?["']?(?:https?:)?\/\//);
}

describe("lodo report on a reproduction", () => {
  it("is one page that needs nothing from outside", async () => expectSelfContained(await pageOf(saved())));

  it("sets our numbers beside the paper's, with the verdict in words", async () => {
    const html = await pageOf(saved());
    expect(html).toContain('<th scope="row">lodo</th><td>O(n log n)</td><td class="number">0.001046 ± 0.000014</td>');
    expect(html).toContain('<td class="number">0.001040 ± 0.000021</td><td>0.57% above the paper&#39;s, 0.4 standard errors</td>');
    expect(html).toContain('<td class="number">0.00005342 ± 0</td>');
    expect(html).toContain("every run diverged");
    expect(html).toMatch(/✓ Our numbers bear this out:<\/strong> LODO&#39;s mean is 0.4 standard errors/);
    expect(html).toContain("beta = 0.897");
    expect(html).toContain("seeds 0 to 1");
    expect(html).toContain("node 20.19.0");
    expect(html).toContain("yogi, loss, seed 1: out of &lt;memory&gt;");
  });

  it("has further columns where there is something in them", async () => {
    const html = await pageOf(saved());
    expect(html.match(/<th scope="col">time a step<\/th>/g)).toHaveLength(1);
    expect(html).toContain('<th scope="row">bfgs</th><td>O(n²), &lt;at most&gt;</td>');
    expect(html).toContain('<th scope="row">adam</th><td class="number">');
  });

  it("draws a report that has no further columns", async () => {
    const path = saved();
    edit(join(path, "table-8.json"), / {2}"details": .*\n/.exec(readFileSync(join(path, "table-8.json"), "utf8"))?.[0] ?? "", "");
    expect(await pageOf(path)).not.toContain("time a step");
  });

  it.each([...experiments, ...dataExperiments].flatMap(({ id, presets }) => presetNames.map((name) => [name, id, presets[name]] as const)))(
    "knows everything that the preset %s of %s says",
    (name, _, preset) => {
      const file: unknown = JSON.parse(readFileSync("test/fixtures/report/table-8.json", "utf8"));
      const of = (preset: object): unknown => Object.assign({}, file, { preset });
      expect(savedExperimentSchema.parse(of({ name, ...preset })).preset).toEqual({ name, ...preset });
      expect(() => savedExperimentSchema.parse(of({ name, ...preset, more: 1 }))).toThrow("more");
    },
  );

  it("gives a table a caption and headers, and a figure a text for those who cannot see it", async () => {
    const html = await pageOf(saved());
    expect(html.match(/<caption>/g)).toHaveLength(2);
    expect(html).toContain('role="img" aria-label="Line chart of &quot;loss&quot;."');
    expect(html).toContain('<clipPath id="figure-11-clip1">');
    expect(html).toContain("url(#figure-11-clip1)");
  });

  it("shows text as text", async () => {
    const html = await pageOf(saved());
    expect(html).toContain("Rosenbrock&#39;s &lt;function&gt;");
    expect(html).toContain("&lt;b&gt;markup&lt;/b&gt; &amp; quotes");
    expect(html).not.toContain("<b>markup");
  });

  it("says so if a claim is not borne out", async () => {
    const path = saved();
    edit(join(path, "table-8.json"), '"holds": true', '"holds": false');
    const html = await pageOf(path);
    expect(html).toContain("✗ Our numbers do not bear this out:");
    expect(html).toContain("The claim is not borne out.");
  });

  it("tells where the page is as JSON, on request", async () => {
    const path = saved();
    const { stdout } = await lodoHere(["report", path, "--json"]);
    expect(JSON.parse(stdout)).toEqual({ page: join(path, "report.html") });
  });
});

describe("lodo report on a run", () => {
  it("draws the losses and says how it ended", async () => {
    const html = await pageOf(await run());
    expectSelfContained(html);
    expect(html).toContain("adam on rosenbrock");
    expect(html).toMatch(/Finished\.<\/strong> 30 of 30 evaluations\. Mean loss over the last tenth: \d/);
    expect(html).toContain("learningRate");
    expect(html).toContain("loss evaluations");
  });

  it("says that a run was cut off, and ignores half a record", async () => {
    const path = await run();
    rmSync(join(path, "summary.json"));
    appendFileSync(join(path, "records.jsonl"), '{"evaluation":31,"lo');
    expect(await pageOf(path)).toContain("Not finished.");
  });

  it("says that a run diverged, and where", async () => {
    const path = join(folder, "wild");
    await lodoHere(["run", "rosenbrock", "--optimizer", "momentum", "--steps", "30", "--set", "learningRate=1e6", "--out", path]);
    expect(await pageOf(path)).toMatch(/Diverged\.<\/strong> Evaluation \d of 30/);
  });

  it.each([
    [
      "mgh-biggs-exp6",
      "newton",
      "factor=1",
      /class="verdict fails"><strong>Stopped\.<\/strong> newton: .* is singular\. 31 of 50 evaluations\./,
    ],
    [
      "mgh-box",
      "levenberg-marquardt-residual",
      "factor=10",
      /class="verdict holds"><strong>Converged\.<\/strong> levenberg.*\. \d+ of 50 evaluations\./,
    ],
  ])("says why %s by %s ended before its time", async (task, optimizer, setting, verdict) => {
    const path = join(folder, `${task} ${optimizer}`);
    await lodoHere(["run", task, "--optimizer", optimizer, "--steps", "50", "--set", setting, "--out", path]);
    expect(await pageOf(path)).toMatch(verdict);
  });
});

describe("lodo report refuses", () => {
  const cases: readonly (readonly [string, () => string | Promise<string>, string])[] = [
    ["a folder that is not there", () => join(folder, "nowhere"), "found nothing"],
    ["a file", () => write("file.txt", "hello"), "file.txt"],
    ["an empty folder", () => make("empty"), "found no reproduction.json"],
    ["a folder of something else", () => dirOf(write("notes/readme.md", "hello")), "found no reproduction.json"],
    ["a manifest that is no JSON", () => edited("reproduction.json", "{", "["), "expected JSON in"],
    ["a manifest of something else", () => edited("reproduction.json", "lodo-reproduction", "table"), "kind:"],
    [
      "a manifest that names a file elsewhere",
      () => edited("reproduction.json", '"table-8.json"', '"../table-8.json"'),
      "experiments.0: expected the name",
    ],
    ["results that are gone", () => without("table-8.json"), "cannot read"],
    ["results without a mean", () => edited("table-8.json", '"mean": 0.00104594', '"mean": "small"'), "rows.0.mean"],
    ["results with a negative count", () => edited("table-8.json", '"diverged": 2', '"diverged": -2'), "rows.2.diverged"],
    ["a figure that is gone", () => without("figure-11.svg"), "cannot read"],
    ["a figure that is none", () => edited("figure-11.svg", "<svg", "<html"), "expected an SVG"],
    ["a figure with a script", () => edited("figure-11.svg", "</defs>", "</defs><script>1</script>"), 'found "<script"'],
    ["a figure with a handler", () => edited("figure-11.svg", "<path", '<path onclick="x"'), 'found "onclick="'],
    ["a figure that fetches", () => edited("figure-11.svg", "<path", '<image href="https://example.org/a.png"/><path'), 'found "href='],
    [
      "a run whose records are damaged",
      async () => damage(await run(), "records.jsonl", '{"evaluation":1,', '{"evaluation":-1,'),
      "in line 1 of",
    ],
    [
      "a run whose configuration is damaged",
      async () => damage(await run(), "config.json", '"steps"', '"staps"'),
      "config.json is no configuration",
    ],
    [
      "a run whose summary is damaged",
      async () => damage(await run(), "summary.json", '"finalLoss": ', '"finalLoss": "a", "b": '),
      "finalLoss",
    ],
  ];

  it.each(cases)("%s", async (_, path, words) => {
    const { code, stdout, stderr } = await lodoHere(["report", await path()]);
    expect(stdout).toBe("");
    expect(stderr).toContain(words);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(code).toBe(1);
  });

  it("to guess which folder", async () => {
    const { code, stderr } = await lodoHere(["report"]);
    expect(code).toBe(2);
    expect(stderr).toContain("dir");
  });

  function edited(name: string, from: string, to: string): string {
    return damage(saved(), name, from, to);
  }
  function without(name: string): string {
    const path = saved();
    rmSync(join(path, name));
    return path;
  }
});

const make = (name: string): string => {
  mkdirSync(join(folder, name), { recursive: true });
  return join(folder, name);
};
const dirOf = (file: string): string => join(file, "..");
const write = (name: string, text: string): string => {
  const file = join(folder, name);
  mkdirSync(dirOf(file), { recursive: true });
  writeFileSync(file, text);
  return file;
};
const edit = (file: string, from: string, to: string): void => {
  const text = readFileSync(file, "utf8");
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
};
const damage = (path: string, name: string, from: string, to: string): string => {
  edit(join(path, name), from, to);
  return path;
};
