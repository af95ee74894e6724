import type { Config } from "vega-lite";

/** Okabe & Ito's palette (2008), which the colour-blind tell apart; then Tol's muted scheme; an optimizer has one colour in every figure. */
const colours: Readonly<Record<string, string>> = {
  lodo: "#D55E00",
  adam: "#0072B2",
  momentum: "#56B4E9",
  rmsprop: "#009E73",
  yogi: "#CC79A7",
  newton: "#7F7F7F",
  "l-bfgs": "#E69F00",
  "o-lbfgs": "#882255",
  bfgs: "#44AA99",
  "levenberg-marquardt": "#AA4499",
  l2lbgdbgd: "#999933",
  lars: "#CC6677",
  "lodo-no-momentum": "#7F7F7F",
  "lodo-residuals": "#117733",
  "lodo-sgd": "#DDCC77",
  "lodo-diagonal": "#332288",
  "lodo-global": "#AA4499",
};

/** A corrected method has the colour of the one it corrects, and a dashed line. */
const baseOf = (name: string): string => name.replace(/-corrected$/, "");

/** For names without a colour of their own: what is left of Tol's scheme, as Okabe & Ito's yellow cannot be seen on white. */
const spare = ["#CC6677", "#117733", "#DDCC77", "#332288"] as const;

/** The colour scale of these series, in their order. */
export function seriesColours(names: readonly string[]): { readonly domain: string[]; readonly range: string[] } {
  const others = names.filter((name) => !(baseOf(name) in colours));
  const range = names.map((name) => colours[baseOf(name)] ?? (spare[others.indexOf(name) % spare.length] as string));
  return { domain: [...names], range };
}

/** The scale of dashes of these series, in their order. */
export const seriesDashes = (names: readonly string[]): { readonly domain: string[]; readonly range: number[][] } => ({
  domain: [...names],
  range: names.map((name) => (baseOf(name) === name ? [1, 0] : [5, 3])),
});

/** Text and lines take the colour of the text around the figure, so that one SVG serves light and dark pages. */
export const ink = "currentColor";

const font = "system-ui, 'Liberation Sans', Arial, sans-serif";

/** How every figure looks. */
export const theme: Config = {
  background: "transparent",
  font,
  padding: 6,
  view: { stroke: null },
  axis: {
    labelColor: ink,
    titleColor: ink,
    domainColor: ink,
    tickColor: ink,
    gridColor: ink,
    gridOpacity: 0.13,
    domainOpacity: 0.6,
    tickOpacity: 0.6,
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: "normal",
    titlePadding: 8,
  },
  legend: {
    labelColor: ink,
    titleColor: ink,
    labelFontSize: 12,
    labelLimit: 0,
    titleFontSize: 12,
    titleFontWeight: "normal",
    symbolStrokeWidth: 2.5,
    symbolSize: 220,
  },
  title: { color: ink, fontSize: 13, fontWeight: "bold", anchor: "start", offset: 10 },
  header: { labelColor: ink, titleColor: ink, labelFontSize: 13, labelFontWeight: "bold", title: null },
};
