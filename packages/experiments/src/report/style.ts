/** The page's style: light and dark after the reader's setting, narrow screens, print. */
export const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #ffffff; --soft: #5b6470; --line: #d5dae0; --wash: #f4f6f8; --good: #006b4f; --bad: #a63d00; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8ebef; --paper: #14171b; --soft: #a3acb8; --line: #353c45; --wash: #1d2228; --good: #4fd1a5; --bad: #ff9a5c; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2.5rem 1.25rem 4rem; max-width: 66rem; color: var(--ink); background: var(--paper);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.4rem; margin: 3.2rem 0 .2rem; padding-top: 1.2rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
p, ul { max-width: 46rem; }
.soft { color: var(--soft); margin-top: 0; }
blockquote { margin: 1rem 0; padding: .1rem 1rem; border-left: 3px solid var(--line); max-width: 46rem; }
.verdict { padding: .7rem 1rem; background: var(--wash); border-left: 4px solid var(--good); border-radius: 3px; max-width: 46rem; }
.verdict.fails { border-left-color: var(--bad); }
.verdict strong { color: var(--good); } .verdict.fails strong { color: var(--bad); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: .6rem 0 1.4rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { text-align: left; padding: .32rem 1.1rem .32rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { color: var(--soft); font-weight: 600; border-bottom-width: 2px; }
tbody th { font-weight: 600; }
td.number, th.number { text-align: right; white-space: nowrap; }
code { font-family: ui-monospace, "SF Mono", "Liberation Mono", monospace; font-size: .9em; }
figure { margin: 1.6rem 0 2.2rem; }
figure svg { display: block; max-width: 100%; height: auto; color: var(--ink); }
figcaption { color: var(--soft); font-size: .92rem; margin-top: .5rem; max-width: 46rem; }
details { margin: .8rem 0; } summary { cursor: pointer; font-weight: 600; }
footer { margin-top: 3.5rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .9rem; }
@media print {
  :root { --ink: #000; --paper: #fff; --soft: #444; --line: #bbb; --wash: #fff; --good: #000; --bad: #000; }
  body { padding: 0; max-width: none; font-size: 10.5pt; }
  h2 { break-after: avoid; } figure, table, .verdict { break-inside: avoid; }
}
`;
