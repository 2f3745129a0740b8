import type { Tools } from '../../../scripts/real-account/tools.ts';

/** Tools over a clock that only sleeping and calls move, with answers by the first two words of a call. */
export function fakeTools(
  answers: Readonly<Record<string, (args: readonly string[], nowMs: number) => unknown>> = {},
  more: Partial<Tools> = {},
): Tools & { readonly calls: readonly string[]; readonly said: readonly string[] } {
  let nowMs = 1_000_000;
  const calls: string[] = [];
  const said: string[] = [];
  return {
    calls,
    said,
    aws: async (...args) => {
      const name = args.slice(0, 2).join(' ');
      calls.push(args.join(' '));
      nowMs += 10;
      const answer = answers[name];
      if (answer === undefined) throw new Error(`not expected: ${args.join(' ')}`);
      return answer(args, nowMs);
    },
    run: async (command, ...args) => {
      calls.push([command, ...args].join(' '));
    },
    failover: async (...args) => {
      calls.push(['failover', ...args].join(' '));
      return {};
    },
    get: async () => 503,
    ask: async () => [],
    nowMs: () => nowMs,
    sleep: async (ms) => {
      nowMs += ms;
    },
    say: (line) => void said.push(line),
    ...more,
  };
}
