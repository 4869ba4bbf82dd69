/** The style sheet of a report: dark or light as the reader's system is, and plain on paper. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --bg: #fff; --fg: #1f2328; --dim: #59636e; --line: #d1d9e0; --head: #f6f8fa;
  --s0: #1a6fc9; --s1: #b45309; --s2: #2c7a2c; --s3: #7d3fb5; --s4: #9a7400; --s5: #c62f36; --rest: #7d8590; }
@media (prefers-color-scheme: dark) { :root { --bg: #1e1e1e; --fg: #d4d4d4; --dim: #9d9d9d; --line: #3c3c3c;
  --head: #252526; --s0: #3794ff; --s1: #d18616; --s2: #6cbf66; --s3: #b180d7; --s4: #cca700; --s5: #f14c4c; --rest: #8a8a8a; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px 20px 60px; max-width: 1040px; color: var(--fg); background: var(--bg);
  font: 14px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; font-variant-numeric: tabular-nums; }
h1 { margin: 0; font-size: 22px; overflow-wrap: anywhere; }
h2 { margin: 34px 0 8px; padding-top: 6px; font-size: 17px; border-top: 1px solid var(--line); }
h3 { margin: 18px 0 4px; font-size: 14px; }
p { margin: 4px 0; }
.dim, .note { color: var(--dim); font-weight: 400; font-size: 13px; }
.warning { padding: 6px 12px; border: 1px solid var(--s5); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 18px; margin: 14px 0; }
dt { color: var(--dim); } dd { margin: 0; overflow-wrap: anywhere; }
nav ul { display: flex; flex-wrap: wrap; gap: 2px 16px; padding: 0; list-style: none; }
a { color: var(--s0); }
svg { display: block; max-width: 100%; height: auto; margin: 6px 0; }
svg.swatch, svg.bar { display: inline-block; margin: 0 4px 0 0; vertical-align: -1px; }
text { fill: var(--fg); font: 12px system-ui, "Segoe UI", Roboto, sans-serif; } text.dim { fill: var(--dim); }
text.bold { font-weight: 600; }
line { stroke: var(--line); shape-rendering: crispEdges; }
${[0, 1, 2, 3, 4, 5]
  .map(
    (i) =>
      `.series-${i} { fill: var(--s${i}); } .series-${i}.soft { fill: var(--s${i}); fill-opacity: .2; stroke: var(--s${i}); stroke-opacity: .7; }`,
  )
  .join('\n')}
.rest { fill: var(--rest); } .rest.soft { fill-opacity: .2; stroke: var(--rest); stroke-opacity: .7; }
${[0.06, 0.25, 0.45, 0.65, 0.9].map((opacity, i) => `.heat-${i} { fill: var(--s0); fill-opacity: ${opacity}; }`).join('\n')}
.heat-5 { fill: var(--s1); }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; font-size: 13px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 13px; }
th, td { padding: 2px 16px 2px 0; text-align: left; font-weight: 400; white-space: nowrap; vertical-align: top; }
thead th { color: var(--dim); border-bottom: 1px solid var(--line); }
tbody th { max-width: 460px; white-space: normal; overflow-wrap: anywhere; font-family: ui-monospace, Consolas, monospace; }
.numeric { text-align: right; }
details { margin: 8px 0; } summary { cursor: pointer; color: var(--s0); }
.findings { padding: 0; list-style: none; } .findings li { margin: 6px 0; padding-left: 12px; border-left: 3px solid var(--line); }
.findings .error { border-color: var(--s5); } .findings .warn { border-color: var(--s1); } .findings .info { border-color: var(--s0); }
footer { margin-top: 40px; color: var(--dim); font-size: 12px; }
@media print { :root { --bg: #fff; --fg: #000; --dim: #444; --line: #bbb; } body { max-width: none; padding: 0; }
  h2 { break-after: avoid; } svg, tr, .findings li { break-inside: avoid; } nav { display: none; } }
`;
