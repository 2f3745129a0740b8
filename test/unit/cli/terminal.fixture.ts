import { plainPage } from '../../../src/cli/show/layout.ts';
import type { Terminal } from '../../../src/cli/terminal.ts';

/** A terminal that remembers what was printed. */
export interface RecordedTerminal extends Terminal {
  readonly printed: { out: string; err: string };
}

export function recordTerminal(more: Partial<Terminal> = {}): RecordedTerminal {
  const printed = { out: '', err: '' };
  return {
    out: (text) => {
      printed.out += text;
    },
    err: (text) => {
      printed.err += text;
    },
    isErrWatched: false,
    page: plainPage,
    userName: 'alice',
    signal: new AbortController().signal,
    ...more,
    printed,
  };
}
