/**
 * How the explorer looks. Each colour is a variable that a page may set; what is not set follows `color-scheme`.
 *
 * Text on its ground has a contrast of 4.5:1 or more in both themes, lines 3:1.
 */
export const EXPLORER_STYLE = `
:host {
  --paper: var(--explorer-paper, light-dark(#ffffff, #1b1b1f));
  --soft: var(--explorer-soft, light-dark(#f4f5f7, #242429));
  --ink: var(--explorer-ink, light-dark(#1b1e24, #e7e9ee));
  --muted: var(--explorer-muted, light-dark(#545d69, #a3acb9));
  --line: var(--explorer-line, light-dark(#858d98, #7d8693));
  --accent: var(--explorer-accent, light-dark(#1d5fbf, #8cc0ff));
  --on-accent: light-dark(#ffffff, #10131a);
  --pos: light-dark(#2379d8, #4d9bf0);
  --neg: light-dark(#d9661f, #d9772f);
  --bad: light-dark(#a3124b, #ff7aa8);
  --mark: light-dark(#fff0b8, #4a3f12);
  --mono: var(--explorer-mono, ui-monospace, SFMono-Regular, Menlo, Consolas, monospace);
  display: block; color: var(--ink); background: var(--paper);
  font: 14px/1.5 var(--explorer-font, system-ui, sans-serif);
  border: 1px solid var(--line); border-radius: 8px; overflow: hidden; text-align: left;
}
* { box-sizing: border-box; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
[hidden] { display: none !important; }
button, select { font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: 6px; min-width: 36px; min-height: 34px; padding: 2px 8px; cursor: pointer; }
button:hover { background: var(--soft); }
button[aria-pressed="true"], button[aria-selected="true"] { background: var(--accent); color: var(--on-accent); border-color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.bar { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; padding: 8px 10px; background: var(--soft); border-bottom: 1px solid var(--line); }
.bar .grow { flex: 1 1 140px; }
.bar h2 { font: 600 14px/1.4 var(--mono); margin: 0 8px 0 0; overflow-wrap: anywhere; }
.bar input[type="range"] { flex: 1 1 140px; min-width: 100px; height: 34px; accent-color: var(--accent); margin: 0; }
.moment { margin: 0; padding: 6px 10px; min-height: 2.2em; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.panes { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); }
.side { border-left: 1px solid var(--line); padding: 10px 12px; max-height: 560px; overflow: auto; min-width: 0; }
@container (max-width: 720px) { .panes { grid-template-columns: minmax(0, 1fr); } .side { border-left: 0; border-top: 1px solid var(--line); max-height: none; } }
.root { container-type: inline-size; }
.canvas { position: relative; }
.canvas > svg { display: block; width: 100%; height: 520px; touch-action: pan-y; cursor: grab; user-select: none; -webkit-user-select: none; }
.canvas > svg.dragging { cursor: grabbing; }
@container (max-width: 720px) { .canvas > svg { height: 380px; } }
.tools { position: absolute; top: 8px; right: 8px; display: flex; gap: 4px; }
.legend { margin: 0; padding: 6px 10px; font-size: 12px; color: var(--muted); border-top: 1px solid var(--line); }
.edge { fill: none; stroke: var(--line); stroke-width: 1.4; }
.edge.flows { stroke: var(--accent); stroke-width: 3; }
.tip { fill: var(--line); }
.tip.flows { fill: var(--accent); }
.node { cursor: pointer; outline: none; }
.node > .box { fill: var(--paper); stroke: var(--line); stroke-width: 1.3; }
.node.input > .box { fill: light-dark(#e8f1fc, #1f2b3b); }
.node.constant > .box { stroke-dasharray: 5 3; }
.node.output > .box { stroke-width: 2.6; }
.node.group > .box { fill: var(--soft); stroke-dasharray: 2 2; }
.node.waiting { opacity: .55; }
.node.gone { opacity: .3; }
.node.gone > .box { stroke-dasharray: 3 3; }
.node.gone text { text-decoration: line-through; }
.node.future { visibility: hidden; }
.node.changed > .box { fill: var(--mark); }
.node.at > .box { stroke: var(--accent); stroke-width: 3; }
.node[aria-selected="true"] > .box { fill: var(--mark); }
.node:focus-visible > .ring { stroke: var(--accent); stroke-width: 3; }
.node > .ring { fill: none; stroke: none; }
.node text { fill: var(--ink); font: 12px var(--mono); }
.node text.label { font-weight: 700; }
.node text.shape { fill: var(--muted); font-size: 11px; }
.node text.formula { font-size: 11px; fill: var(--muted); }
.thumb .ground { fill: var(--paper); }
.thumb .frame { fill: none; stroke: var(--line); stroke-width: .6; }
.thumb rect.pos { fill: var(--pos); } .thumb rect.neg { fill: var(--neg); } .thumb rect.bad { fill: var(--bad); }
.node .thumb text.number { font-size: 12px; font-weight: 600; }
.node .thumb text.bad { fill: var(--bad); }
.side h3 { font: 600 14px/1.4 var(--mono); margin: 0 0 4px; overflow-wrap: anywhere; }
.side h4 { font-size: 12px; margin: 12px 0 4px; color: var(--muted); font-weight: 600; }
.side p { margin: 4px 0; overflow-wrap: anywhere; }
.side .math { overflow-x: auto; padding: 4px 0; }
.side math { font-size: 1.1em; }
.side pre { margin: 0; font: 12px/1.6 var(--mono); white-space: pre-wrap; }
.scroll { overflow: auto; max-height: 220px; }
.numbers table { border-collapse: collapse; font: 12px/1.4 var(--mono); font-variant-numeric: tabular-nums; }
.numbers td { padding: 2px 6px; text-align: right; border: 1px solid light-dark(#dfe2e6, #3a3b42); white-space: nowrap; }
.numbers td.pos { background: color-mix(in srgb, var(--pos) calc(var(--part) * .45), var(--paper)); }
.numbers td.neg { background: color-mix(in srgb, var(--neg) calc(var(--part) * .45), var(--paper)); }
.numbers td.bad { color: var(--bad); font-weight: 700; }
.facts { font-size: 12px; color: var(--muted); }
.code { border-top: 1px solid var(--line); max-height: 300px; overflow: auto; background: var(--soft); }
.code ol { margin: 0; padding: 8px 0; list-style: none; font: 12.5px/1.55 var(--mono); counter-reset: line; width: max-content; min-width: 100%; }
.code li { counter-increment: line; padding: 0 12px 0 0; white-space: pre; }
.code li::before { content: counter(line); display: inline-block; width: 3em; margin-right: 1em; text-align: right; color: var(--muted); }
.code li.here { background: var(--mark); box-shadow: inset 4px 0 var(--accent); }
.listing { margin: 0; padding: 0; list-style: none; font: 12px/1.7 var(--mono); }
.listing li { padding: 0 4px; overflow-wrap: anywhere; }
.listing li.gone { text-decoration: line-through; color: var(--muted); }
.listing li.changed { background: var(--mark); }
.moves { transition: transform .2s; }
@media (prefers-reduced-motion: reduce) { .moves { transition: none; } }
@media (forced-colors: active) { .node > .box { stroke: CanvasText; } .node.at > .box, .node[aria-selected="true"] > .box { stroke: Highlight; } }
`;
