import { type Html, html, trusted } from "./html.ts";
import { style } from "./style.ts";

export interface PageOptions {
  readonly title: string;
  /** A sentence under the title. */
  readonly lead: string;
  readonly sections: readonly Html[];
  /** Where the numbers were computed. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A whole HTML document that needs nothing from outside. */
export function page({ title, lead, sections, environment }: PageOptions): string {
  const where = Object.entries(environment).map(([key, value]) => `${key} ${value}`);
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${trusted(style)}</style>
</head>
<body>
<header><h1>${title}</h1><p class="soft">${lead}</p></header>
<main>
${sections}
</main>
<footer><p>Computed with ${where.join(", ")}. Isaac Liao, Rumen Dangovski, Jakob Foerster, Marin Soljačić: “Learning to Optimize Quasi-Newton Methods”, Transactions on Machine Learning Research, 2023.</p></footer>
</body>
</html>
`;
  return document.html;
}

/** A figure with its caption; `alt` is what those hear who cannot see it. */
export const figure = (svg: Html, caption: Html, alt: string): Html => html`<figure>
<div role="img" aria-label="${alt}">${svg}</div>
<figcaption>${caption}</figcaption>
</figure>
`;
