import type { TopLevelSpec } from "vega-lite";
import { theme } from "./theme.ts";

/**
 * A vega-lite figure as a standalone SVG document; `description` is what it shows, for those who cannot see it. The same figure gives the same
 * text, whatever was drawn before.
 */
export async function renderSvg(spec: TopLevelSpec, description = ""): Promise<string> {
  // Loaded here: what draws nothing need not wait for it.
  const [{ Error: onlyErrors, parse, resetSVGDefIds, View }, { compile }] = await Promise.all([import("vega"), import("vega-lite")]);
  const compiled = compile(spec, { config: theme }).spec;
  const view = new View(parse(compiled), { renderer: "none", logLevel: onlyErrors });
  try {
    await view.runAsync();
    resetSVGDefIds();
    const svg = await view.toSVG();
    const desc = description === "" ? "" : `<desc>${escapeXml(description)}</desc>`;
    return svg.replace(/^<svg[^>]*>/, (open) => `${open}${desc}<style>${standaloneStyle}</style>`);
  } finally {
    view.finalize();
  }
}

/** Paper and ink of a figure that is a document of its own; inside a page it takes those of the page. */
const standaloneStyle =
  "svg:root{color:#1b1b1b;background:#fff}@media (prefers-color-scheme:dark){svg:root{color:#e6e6e6;background:#15171b}}";

const escapeXml = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Gives the ids inside an SVG a prefix, so that several can stand in one page. */
export const scopeIds = (svg: string, prefix: string): string =>
  svg
    .replace(/\bid="([^"]+)"/g, (_, id: string) => `id="${prefix}-${id}"`)
    .replace(/url\(#([^)]+)\)/g, (_, id: string) => `url(#${prefix}-${id})`)
    .replace(/\bhref="#([^"]+)"/g, (_, id: string) => `href="#${prefix}-${id}"`);
