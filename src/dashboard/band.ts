import { escapeHtml } from './html.ts';

/** What a page tells of. A reader must never take one for another. */
export type TargetKind = 'lab' | 'aws' | 'simulated';

/** The word of each kind, and what it means for whoever looks at it. */
const words: Readonly<Record<TargetKind, readonly [word: string, meaning: string]>> = {
  lab: ['LAB', 'processes on this machine; nothing here is AWS'],
  aws: ['AWS', 'a real deployment'],
  simulated: ['SIMULATED', 'no process ran and no region was asked'],
};

/** The band across the top of a page: which kind it is, by word, by colour and by pattern. */
export function band(kind: TargetKind): string {
  const [word, meaning] = words[kind];
  return `<p class="band ${kind}"><strong>${word}</strong> <span>${escapeHtml(meaning)}</span></p>`;
}

/** Each kind has a pattern besides its colour, for eyes and printers that see no colours. */
export const bandStyle = `
.band { margin: 0; padding: 6px 20px; color: #ffffff; font-size: 14px; }
.band strong { letter-spacing: .12em; margin-right: 8px; }
.band.lab { background: repeating-linear-gradient(135deg, #0b5a52 0 14px, #0e6a60 14px 28px); }
.band.aws { background: #8c1d18; }
.band.simulated { background: repeating-linear-gradient(90deg, #4b2d86 0 6px, #563796 6px 12px); }
`;
