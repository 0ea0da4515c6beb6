import { INK, PAPER } from "./looks.ts";

/** The look of the page, which needs nothing from elsewhere: fonts are the reader's own. */
export const PAGE_STYLE: string = `
:root {
  color-scheme: light dark;
  --paper: ${PAPER.light}; --ink: ${INK.light}; --quiet: #565d69; --line: #d5d9e0; --shade: #f3f5f8; --link: #1a5fb0;
  --good: #11603f; --good-shade: #e0f3e9; --fair: #1c5390; --fair-shade: #e3eefa;
  --bad: #9b1c1c; --bad-shade: #fbe6e4; --none: #565d69; --none-shade: #eceef2;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: ${PAPER.dark}; --ink: ${INK.dark}; --quiet: #a5adba; --line: #353a44; --shade: #20242b; --link: #8ec1ff;
    --good: #83dcb0; --good-shade: #143526; --fair: #9cc9ff; --fair-shade: #17304d;
    --bad: #ffaaa2; --bad-shade: #481d1b; --none: #a5adba; --none-shade: #2a2f38;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
header, main { max-width: 1200px; margin: 0 auto; padding: 0 16px; }
main { padding-bottom: 48px; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 32px 0 8px; }
h2 { font-size: 1.35rem; line-height: 1.3; margin: 48px 0 8px; padding-top: 12px; border-top: 1px solid var(--line); }
p { max-width: 46rem; margin: 8px 0; overflow-wrap: anywhere; }
a { color: var(--link); }
small, .note, .took { color: var(--quiet); font-size: 0.875rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 20px; padding: 0; margin: 16px 0; list-style: none; }
.run { display: grid; grid-template-columns: minmax(6rem, max-content) minmax(0, 1fr); gap: 4px 16px; margin: 12px 0; }
.run dt { color: var(--quiet); }
.run dd { margin: 0; overflow-wrap: anywhere; }
.verdicts { display: grid; gap: 6px; margin: 16px 0; }
.verdicts div { display: flex; flex-wrap: wrap; gap: 2px 12px; }
.verdicts dt { min-width: 11rem; font-variant-numeric: tabular-nums; }
.count { display: inline-block; min-width: 1.8em; }
.verdicts dd { margin: 0; color: var(--quiet); }
.verdict { display: inline-block; padding: 0 8px; border-radius: 4px; white-space: nowrap; font-size: 0.875rem; font-weight: 600; }
.same { color: var(--good); background: var(--good-shade); }
.band, .within { color: var(--fair); background: var(--fair-shade); }
.differs { color: var(--bad); background: var(--bad-shade); }
.not-comparable { color: var(--none); background: var(--none-shade); }
.scroll { overflow-x: auto; margin: 16px 0; border: 1px solid var(--line); border-radius: 8px; max-width: max-content; }
.scroll:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; font-size: 0.9375rem; }
caption { padding: 8px 12px; text-align: left; font-weight: 600; }
th, td { padding: 5px 12px; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
th { font-weight: 400; }
thead th { font-weight: 600; background: var(--shade); vertical-align: bottom; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.figure { font-family: ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace; font-size: 0.8125rem; line-height: 1.7; white-space: nowrap; }
.section th { padding-top: 14px; font-weight: 600; background: var(--shade); }
.section small { font-weight: 400; margin-left: 8px; white-space: nowrap; }
.checks th[scope="row"] { min-width: 12rem; }
.checks td small { display: block; min-width: 11rem; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 16px; margin: 16px 0; }
.plots figure { margin: 0; padding: 4px; border: 1px solid var(--line); border-radius: 8px; max-width: 600px; }
.plots svg { width: 100%; }
figcaption { padding: 4px 14px 10px; color: var(--quiet); font-size: 0.875rem; overflow-wrap: anywhere; }
@media (max-width: 600px) {
  .checks th[scope="row"] { min-width: 9rem; }
  .section th span, caption span { position: sticky; left: 12px; display: inline-block; max-width: calc(100vw - 60px); }
  .section small { display: block; margin-left: 0; }
}
@media print { .scroll { overflow: visible; } figure, tr { break-inside: avoid; } }
`.trim();
