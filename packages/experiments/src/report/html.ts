/** Text that is HTML already. */
export interface Html {
  readonly html: string;
}

export type HtmlValue = string | number | null | Html | readonly HtmlValue[];

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

const render = (value: HtmlValue): string => {
  if (value === null) return "";
  if (typeof value === "string" || typeof value === "number") return String(value).replace(/[&<>"']/g, (c) => escapes[c] as string);
  return "html" in value ? value.html : value.map(render).join("");
};

/** HTML from a template: what is put in is escaped unless it is `Html`; null is nothing, an array its parts in turn. */
export const html = (strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html => ({
  html: strings.reduce((text, part, i) => text + render(values[i - 1] ?? null) + part),
});

/** Vouches that some text is HTML, and safe to show. */
export const trusted = (text: string): Html => ({ html: text });
