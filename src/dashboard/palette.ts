/**
 * The colours of every page, as variables, so that light and dark differ in one place, and the ring around what the
 * keyboard is at. Two sites and more take the tones in order; red is kept for what is broken.
 */
export const palette = `:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1b1f24; --faint: #5b6470; --rule: #d5dae0; --panel: #f5f7f9;
  --well: #e3e8ee; --on-well: #3d4650; --suspect: #f0b429; --on-suspect: #2b1d00; --down: #c9302c; --on-down: #ffffff;
  --vote: #4a5561; --on-vote: #ffffff; --unknown: #f1f3f5; --on-unknown: #5b6470; --site-0: #2563c9; --site-1: #0d8577; --site-2: #8a4fc7; --site-3: #a8611b;
  --on-site: #ffffff; --good: #1c7a3d; --bad: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171a; --ink: #e6e9ec; --faint: #98a2ad; --rule: #343b43; --panel: #1c2126;
    --well: #2c333b; --on-well: #c3cbd4; --suspect: #c98f12; --on-suspect: #1a1200; --down: #d9534f; --on-down: #1b0504;
    --vote: #aab4bf; --on-vote: #14171a; --unknown: #20252a; --on-unknown: #98a2ad; --site-0: #6ba1f5; --site-1: #3fbfae; --site-2: #b990ea; --site-3: #d99a5b;
    --on-site: #0d1117; --good: #5cc27f; --bad: #f2867f;
  }
}
:focus-visible { outline: 3px solid var(--site-0); outline-offset: 2px; }
`;
