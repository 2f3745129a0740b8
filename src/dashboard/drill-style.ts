import { palette } from './palette.ts';

/** The drill page's style. */
export const drillStyle = `
${palette}* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 24px 20px 48px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 8px; text-wrap: balance; }
h2 { font-size: 17px; margin: 32px 0 8px; }
p { margin: 4px 0; }
.faint { color: var(--faint); }
.good { color: var(--good); font-weight: 600; }
.bad { color: var(--bad); font-weight: 600; }
figure { margin: 20px 0 0; }
svg { display: block; width: 100%; height: auto; font-family: inherit; }
svg.narrow { display: none; }
svg text { fill: var(--ink); }
svg .label, svg text.axis { fill: var(--faint); }
svg line.axis { stroke: var(--rule); }
svg line.phase { stroke: var(--faint); stroke-dasharray: 3 3; }
svg text.phase { font-weight: 600; }
svg text.phase, svg .label { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
svg .well { fill: var(--well); } svg .suspect { fill: var(--suspect); } svg .down { fill: var(--down); }
svg .vote { fill: var(--vote); } svg .unknown { fill: var(--unknown); stroke: var(--rule); } svg .gone { fill: none; stroke: var(--rule); stroke-dasharray: 2 3; }
svg .site-0 { fill: var(--site-0); } svg .site-1 { fill: var(--site-1); }
svg .site-2 { fill: var(--site-2); } svg .site-3 { fill: var(--site-3); }
svg .on-well { fill: var(--on-well); } svg .on-suspect { fill: var(--on-suspect); } svg .on-down { fill: var(--on-down); }
svg .on-vote { fill: var(--on-vote); } svg .on-unknown, svg .on-gone { fill: var(--on-unknown); }
svg .on-site-0, svg .on-site-1, svg .on-site-2, svg .on-site-3 { fill: var(--on-site); }
svg .dot { fill: none; stroke-linecap: round; }
svg .dot.site-0 { stroke: var(--site-0); } svg .dot.site-1 { stroke: var(--site-1); }
svg .dot.site-2 { stroke: var(--site-2); } svg .dot.site-3 { stroke: var(--site-3); }
svg .outage { fill: var(--down); opacity: 0.1; }
svg line.bound { stroke: var(--ink); stroke-width: 1.5; } svg text.bound { font-weight: 600; }
svg .lost { fill: none; stroke: var(--down); stroke-width: 1.5; }
.key { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 10px 0 0; padding: 0; list-style: none; color: var(--faint); font-size: 13px; }
.key i { display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin-right: 6px; vertical-align: -1px; }
.key i.outage { background: var(--down); opacity: 0.25; }
.key i.bound { width: 3px; margin: 0 10px 0 5px; border-radius: 0; background: var(--ink); }
.key i.lost { border-radius: 0; width: auto; font-style: normal; font-weight: 700; color: var(--down); }
.tables { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 0 40px; }
table { width: 100%; border-collapse: collapse; }
td, th { text-align: left; vertical-align: top; padding: 5px 12px 5px 0; border-bottom: 1px solid var(--rule); }
td.time { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td.who { white-space: nowrap; color: var(--faint); }
th { font-weight: 600; }
pre { margin: 10px 0 0; padding: 10px 12px; background: var(--panel); border-radius: 4px; font: 13px/1.5 ui-monospace, "SF Mono", Menlo, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
details { margin-top: 28px; } summary { cursor: pointer; font-weight: 600; }
details table { font-size: 13px; margin-top: 8px; }
@media (max-width: 720px) {
  main { padding: 16px 14px 40px; } h1 { font-size: 21px; }
  svg.wide { display: none; } svg.narrow { display: block; }
  .tables { grid-template-columns: minmax(0, 1fr); }
  td.who { white-space: normal; }
}
@media print { details { display: none; } }
`;
