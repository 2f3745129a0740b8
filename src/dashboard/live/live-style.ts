import { bandStyle } from '../band.ts';
import { palette } from '../palette.ts';

/** The live page's style: one column on a telephone, the timeline beside the services where there is room. */
export const liveStyle = `
${palette}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
${bandStyle}
.skip { position: absolute; left: -9999px; } .skip:focus { left: 8px; top: 8px; background: var(--paper); padding: 6px 10px; z-index: 2; }
html { scroll-padding: 130px 0 60px; }
header { position: sticky; top: 0; z-index: 1; background: var(--paper); border-bottom: 1px solid var(--rule); }
.head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 16px; padding: 8px 20px; }
h1 { font-size: 20px; margin: 0; } h2 { font-size: 18px; margin: 0 0 6px; } h3 { font-size: 14px; margin: 0 0 6px; color: var(--faint); }
h4 { font-size: 15px; margin: 0; } h2 small, h4 small { font-weight: 400; color: var(--faint); }
p { margin: 4px 0; } small { color: var(--faint); font-size: 13px; } code { font-size: 13px; overflow-wrap: anywhere; }
.faint, .where { color: var(--faint); } .where { margin: 0; overflow-wrap: anywhere; }
.reading { margin: 0 0 0 auto; color: var(--good); } .reading.stale { color: var(--bad); font-weight: 700; }
.lost-line { margin: 0; padding: 8px 20px; background: var(--down); color: var(--on-down); font-weight: 600; }
.columns { display: grid; grid-template-columns: minmax(0, 1fr) 380px; gap: 0 28px; max-width: 1500px; margin: 0 auto; padding: 16px 20px 48px; }
body.lost main, body.lost aside { filter: grayscale(1); }
.service { margin-bottom: 28px; }
.first { display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: center; font-size: 17px; margin: 0 0 6px; }
.level { padding: 4px 12px; border-radius: 4px; letter-spacing: .04em; color: var(--paper); background: var(--faint); }
.level.good { background: var(--good); } .level.bad { background: var(--bad); } .level.doubtful { background: var(--suspect); color: var(--on-suspect); }
.level.unknown { background: none; color: var(--faint); outline: 2px dashed var(--faint); outline-offset: -2px; }
.facts { margin: 0; padding-left: 20px; } .next { padding: 6px 10px; background: var(--panel); border-left: 3px solid var(--site-0); overflow-wrap: anywhere; }
.panels { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 12px; margin-top: 12px; }
.panel, .place { background: var(--panel); border: 1px solid var(--rule); border-radius: 6px; padding: 10px 12px; min-width: 0; overflow-wrap: anywhere; }
.panel.wide { grid-column: 1 / -1; }
.map { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 250px), 1fr)); gap: 12px; }
.place h3 { color: var(--ink); font-size: 16px; }
.site { margin-top: 10px; padding: 10px; background: var(--paper); border: 1px solid var(--rule); border-radius: 6px; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 12px; margin: 0; } dt { color: var(--faint); } dd { margin: 0; }
ul.opinions, ol.steps, ol.ledger, ol.timeline { list-style: none; margin: 6px 0 0; padding: 0; }
.opinions li { display: flex; flex-wrap: wrap; gap: 2px 6px; align-items: center; margin: 2px 0; } .who { min-width: 84px; color: var(--faint); font-size: 13px; }
.steps li, .ledger li { margin: 3px 0; }
.chip { display: inline-block; padding: 0 8px; border-radius: 10px; font-size: 13px; line-height: 20px; border: 1px solid transparent; white-space: nowrap; }
.chip.well { background: var(--well); color: var(--on-well); } .chip.suspect { background: var(--suspect); color: var(--on-suspect); }
.chip.down { background: var(--down); color: var(--on-down); } .chip.vote { background: var(--vote); color: var(--on-vote); }
.chip.serves { background: var(--site-0); color: var(--on-site); } .chip.quiet { border-color: var(--rule); color: var(--faint); }
.chip.unknown { border: 1px dashed var(--faint); color: var(--on-unknown); }
.old { filter: grayscale(1); font-style: italic; }
.fact { font-size: 13px; color: var(--faint); }
p.fault { margin: 6px 0 0; padding: 3px 8px; border-left: 3px solid var(--down); color: var(--bad); font-weight: 600; font-size: 13px; }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; } .buttons.small { gap: 4px; }
button { font: inherit; padding: 6px 12px; min-height: 36px; border: 1px solid var(--faint); border-radius: 5px; background: var(--paper); color: var(--ink); cursor: pointer; }
.buttons.small button { padding: 2px 8px; min-height: 30px; font-size: 13px; }
button:hover:not(:disabled) { border-color: var(--ink); } button:disabled { opacity: .5; cursor: not-allowed; }
button.do { background: var(--bad); border-color: var(--bad); color: var(--paper); font-weight: 600; } button.heal { border-style: dashed; }
details { margin-top: 8px; } summary { cursor: pointer; padding: 4px 0; }
aside { position: sticky; top: 112px; align-self: start; }
.timeline { max-height: calc(100vh - 220px); overflow-y: auto; font-size: 13px; border-top: 1px solid var(--rule); }
.timeline li { padding: 4px 0 4px 8px; border-bottom: 1px solid var(--rule); border-left: 3px solid transparent; overflow-wrap: anywhere; }
.timeline time { color: var(--faint); font-variant-numeric: tabular-nums; margin-right: 4px; }
.timeline li.fault, .timeline li.bad { border-left-color: var(--down); } .timeline li.good { border-left-color: var(--good); } .timeline li.doubtful { border-left-color: var(--suspect); }
.timeline li.fault b, .timeline li.bad b { color: var(--bad); }
.said { position: fixed; left: 50%; bottom: 16px; transform: translateX(-50%); width: max-content; max-width: calc(100vw - 32px); margin: 0; padding: 8px 14px; border-radius: 6px; background: var(--ink); color: var(--paper); z-index: 2; }
.said.bad { background: var(--down); color: var(--on-down); }
dialog { width: min(640px, calc(100vw - 24px)); border: 1px solid var(--faint); border-radius: 8px; background: var(--paper); color: var(--ink); padding: 18px 20px; }
dialog::backdrop { background: rgb(0 0 0 / .45); } dialog label { display: block; margin: 6px 0; } dialog input:not([type=checkbox]) { font: inherit; padding: 4px 8px; width: 100%; }
.would { padding: 8px 10px; background: var(--panel); border-left: 3px solid var(--good); } .would.not { border-left-color: var(--down); }
@media (max-width: 1000px) {
  .columns { grid-template-columns: minmax(0, 1fr); padding: 12px 14px 40px; } aside { position: static; margin-top: 24px; }
  .panels { grid-template-columns: minmax(0, 1fr); } .timeline { max-height: 60vh; }
}
@media (max-width: 560px) {
  .head, .band, .lost-line { padding-left: 14px; padding-right: 14px; } .reading { margin-left: 0; } .first { font-size: 16px; }
  header { position: static; } .lost-line { position: sticky; top: 0; }
}
@media (prefers-reduced-motion: no-preference) { .chip, .level { transition: background-color .15s, color .15s; } }
`;
