import { createRng, item, log, scalar, vector } from "@lodo/tensor";
import fc from "fast-check";
import { decode } from "fast-png";
import { describe, expect, it } from "vitest";
import { variants } from "../src/experiments/equalTuning/tunedAlike.ts";
import { crossings } from "../src/experiments/valleyCrossings.ts";
import { valleyFrame, valleySurface } from "../src/experiments/valleySurface.ts";
import { bands } from "../src/plots/bands.ts";
import { heatMapImage } from "../src/plots/heatMapImage.ts";
import { learningCurves } from "../src/plots/learningCurves.ts";
import { logTicks } from "../src/plots/logAxis.ts";
import { renderSvg, scopeIds } from "../src/plots/svg.ts";
import { seriesColours } from "../src/plots/theme.ts";
import { html, trusted } from "../src/report/html.ts";

const curves = [0, 1].flatMap((seed) =>
  ["lodo", "adam"].map((series, s) => ({
    series,
    points: Array.from({ length: 30 }, (_, i) => ({ x: i + 1, y: (1 + s + seed) / (i + 1) })),
  })),
);

describe("bands", () => {
  it("join the runs of a series at each x", () => {
    const runs = [
      { series: "a", points: [{ x: 1, y: 2 }] },
      { series: "b", points: [{ x: 1, y: 7 }] },
      {
        series: "a",
        points: [
          { x: 1, y: 6 },
          { x: 2, y: 1 },
        ],
      },
    ];
    expect(bands(runs)).toEqual([
      { series: "a", x: 1, mean: 4, low: 2, high: 6 },
      { series: "a", x: 2, mean: 1, low: 1, high: 1 },
      { series: "b", x: 1, mean: 7, low: 7, high: 7 },
    ]);
  });
});

describe("logTicks", () => {
  it("are powers of ten, and multiples of them where those are few", () => {
    expect(logTicks(0.00004, 30)).toEqual([0.0001, 0.001, 0.01, 0.1, 1, 10]);
    expect(logTicks(7, 60)).toEqual([10, 20, 50]);
    expect(logTicks(2.4, 8)).toEqual([3, 4, 5, 6, 7, 8]);
    expect(logTicks(1, 1000)).toEqual([1, 10, 100, 1000]);
  });

  it("lie within the axis, rising", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1e12, noNaN: true }), fc.double({ min: 2, max: 1e9, noNaN: true }), (low, ratio) => {
        const ticks = logTicks(low, low * ratio);
        expect(ticks.every((tick, i) => tick >= low && tick <= low * ratio && (i === 0 || tick > (ticks[i - 1] as number)))).toBe(true);
      }),
    );
  });
});

describe("an SVG", () => {
  const spec = learningCurves({
    curves,
    x: { title: "steps" },
    y: { title: "loss", scale: "log" },
    level: { y: 0.5, label: "level" },
    shaded: { from: 10, to: 20, label: "shaded" },
  });

  it("is a document without NaN, with axes, legend and description, the same every time", async () => {
    const svg = await renderSvg(spec, "a < b & c");
    expect(svg).toMatch(/^<svg[^>]*viewBox/);
    expect(svg).toContain("<desc>a &lt; b &amp; c</desc>");
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    for (const text of ["steps", "loss", "lodo", "adam", "level", "shaded"]) expect(svg).toContain(`>${text}<`);
    await renderSvg(learningCurves({ curves: [], x: { title: "" }, y: { title: "" } }));
    expect(await renderSvg(spec, "a < b & c")).toBe(svg);
  });

  it("leaves out what a logarithmic axis cannot show, and infinities", async () => {
    const points = [0, -1, Number.POSITIVE_INFINITY, 3, 4].map((y, i) => ({ x: i + 1, y }));
    const spec = learningCurves({ curves: [{ series: "lodo", points }], x: { title: "x" }, y: { title: "y", scale: "log" } });
    expect(spec.data).toMatchObject({ values: [{ mean: 3 }, { mean: 4 }] });
    expect(await renderSvg(spec)).not.toMatch(/NaN|Infinity/);
  });

  it("labels powers of ten however large and small", async () => {
    const points = [1e-120, 1e-7, 1, 1e4, 1e20, 1e33, 1e150].map((y, i) => ({ x: i, y }));
    const svg = await renderSvg(
      learningCurves({ curves: [{ series: "lodo", points }], x: { title: "x" }, y: { title: "y", scale: "log" }, height: 9000 }),
    );
    for (const label of ["10⁻¹²⁰", "10⁻¹⁰", "10⁻⁷", "0.01", "1", "1000", "10⁴", "10⁹", "10²⁰", "10³³", "10¹⁰⁵", "10¹⁵⁰"])
      expect(svg).toContain(`>${label}<`);
  });

  it("marks its points where asked to", async () => {
    const marks = async (points: boolean): Promise<number> => {
      const svg = await renderSvg(learningCurves({ curves, x: { title: "x" }, y: { title: "y" }, points, legend: false }));
      return [...svg.matchAll(/aria-roledescription="point"/g)].length;
    };
    // Two series of 30 steps.
    expect([await marks(false), await marks(true)]).toEqual([0, 60]);
  });

  it("has its labels where it is told", async () => {
    const svg = await renderSvg(learningCurves({ curves, x: { title: "x", ticks: [2, 9, 16] }, y: { title: "y", scale: "log" } }));
    const labels = [...svg.matchAll(/<text[^>]*>(\d+)<\/text>/g)].map(([, label]) => Number(label));
    expect(labels).toEqual(expect.arrayContaining([2, 9, 16]));
    expect(labels).not.toContain(5);
  });

  it("keeps its ids apart from those of other figures", () => {
    const svg = '<svg><clipPath id="clip1"/><g clip-path="url(#clip1)"><use href="#clip1"/></g></svg>';
    expect(scopeIds(svg, "a")).toBe('<svg><clipPath id="a-clip1"/><g clip-path="url(#a-clip1)"><use href="#a-clip1"/></g></svg>');
  });
});

describe("colours", () => {
  it("are one for each optimizer in every figure, and never shared by two in one", () => {
    const { domain, range } = seriesColours(["lodo", "adam", "momentum", "rmsprop", "yogi", "newton", "lars", "bfgs", "l-bfgs", "o-lbfgs"]);
    expect(new Set(range).size).toBe(domain.length);
    expect(seriesColours(["lodo"]).range[0]).toBe(range[0]);
    const alike = ["lodo", "adam", "yogi", "rmsprop", "lars", "momentum", ...variants];
    expect(new Set(seriesColours(alike).range).size).toBe(alike.length);
  });
});

describe("the heat map of Figure 3", () => {
  const [columns, rows] = [9, 7];
  const surface = valleySurface(columns, rows);

  it("is log(f + 10⁻³) at the centres of its cells", () => {
    const rng = createRng(0);
    for (let trial = 0; trial < 20; trial++) {
      const [i, j] = [rng.integer(columns), rng.integer(rows)];
      const x = valleyFrame.x[0] + ((i + 0.5) / columns) * 2.7;
      const y = valleyFrame.y[0] + ((j + 0.5) / rows) * 3.5;
      const f = 0.01 * (x - 1) ** 2 + (x * x - y) ** 2;
      // A few roundings on either side.
      expect(surface.at(i, j)).toBeCloseTo(item(log(scalar(f + 1e-3))), 12);
    }
    expect(vector([...surface.range]).size).toBe(2);
  });

  it("is a picture with its first row at the bottom, from the first shade at the least value to the last at the greatest", () => {
    const url = heatMapImage({ columns: 2, rows: 2, at: (c, r) => c + 2 * r }, [0, 3], ["#000000", "#ff8000"]);
    const { width, height, data } = decode(Buffer.from(url.replace("data:image/png;base64,", ""), "base64"));
    expect([width, height]).toEqual([2, 2]);
    // top: 2 and 3 thirds of the way, bottom: 0 and 1
    expect([...data]).toEqual([170, 85, 0, 255, 128, 0, 0, 0, 0, 85, 43, 0]);
  });
});

describe("crossings of the valley floor", () => {
  it("are changes of the side of y = x²; standing on it is none", () => {
    const path = [
      [0, 1],
      [0, -1],
      [0, 0],
      [0, -1],
      [0, 0],
      [0, 2],
    ];
    expect(crossings(path)).toBe(2);
    expect(crossings([])).toBe(0);
  });
});

describe("html", () => {
  it("escapes what is put in, and nothing twice", () => {
    const hostile = `<script>"&'`;
    expect(html`<p title="${hostile}">${[hostile, html`<b>${1}</b>`]}${null}${trusted("<i>")}</p>`.html).toBe(
      '<p title="&lt;script&gt;&quot;&amp;&#39;">&lt;script&gt;&quot;&amp;&#39;<b>1</b><i></p>',
    );
  });
});
