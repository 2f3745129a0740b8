import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Opinion } from '../../../../src/core/detection/opinion.ts';
import { judge, type Testimony } from '../../../../src/core/detection/verdict.ts';

const policies = fc.record({ quorum: fc.integer({ min: 1, max: 5 }), watcherCount: fc.constantFrom(3, 5) });
const testimonies = fc.uniqueArray(
  fc.record<Testimony>({
    watcher: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    opinion: fc.constantFrom<Opinion>('up', 'suspect', 'down', 'unknown'),
    isCorroboratedAlive: fc.boolean(),
    report: fc.constant({}),
  }),
  { selector: ({ watcher }) => watcher },
);

function needsQuorum(judgeOf: typeof judge) {
  return fc.property(testimonies, policies, (heard, policy) => {
    const downs = heard.filter(({ opinion }) => opinion === 'down').length;
    return judgeOf(heard, policy) !== 'down' || downs >= policy.quorum;
  });
}

test('the order of testimonies does not matter', () => {
  fc.assert(
    fc.property(testimonies, policies, (heard, policy) => {
      expect(judge([...heard].reverse(), policy)).toBe(judge(heard, policy));
    }),
  );
});

test('no verdict is down with fewer than quorum watchers that say down', () => {
  fc.assert(needsQuorum(judge));
});

test('the property catches a judge that counts the suspects in', () => {
  const hasty: typeof judge = (heard, policy) =>
    judge(
      heard.map((one) => (one.opinion === 'suspect' ? { ...one, opinion: 'down' } : one)),
      policy,
    );

  const result = fc.check(needsQuorum(hasty), { numRuns: 5_000 });

  expect(result.failed).toBe(true);
});

function heedsMajority(judgeOf: typeof judge) {
  return fc.property(testimonies, policies, (heard, policy) => {
    const ups = heard.filter(({ opinion }) => opinion === 'up').length;
    return ups <= policy.watcherCount / 2 || judgeOf(heard, policy) === 'up';
  });
}

test('what a majority of all watchers finds up is up, however low the quorum', () => {
  fc.assert(heedsMajority(judge));
});

test('what most of those with an opinion find up is not down, however many are silent', () => {
  fc.assert(
    fc.property(testimonies, policies, (heard, policy) => {
      const ups = heard.filter(({ opinion }) => opinion === 'up').length;
      const opined = heard.filter(({ opinion }) => opinion !== 'unknown').length;
      fc.pre(ups > opined / 2);
      expect(judge(heard, policy)).not.toBe('down');
    }),
  );
});

test('one of three that are heard does not condemn for five, at a quorum of one', () => {
  const say = (watcher: string, opinion: Opinion): Testimony => ({
    watcher,
    opinion,
    isCorroboratedAlive: false,
    report: {},
  });
  const policy = { quorum: 1, watcherCount: 5 };

  expect(judge([say('a', 'down'), say('b', 'up'), say('c', 'up')], policy)).toBe('degraded');
  expect(judge([say('a', 'down'), say('b', 'up')], policy)).toBe('down');
});

test('the property catches a judge that asks for the quorum alone', () => {
  const hasty: typeof judge = (heard, policy) => {
    const downs = heard.filter(({ opinion }) => opinion === 'down').length;
    return downs >= policy.quorum ? 'down' : judge(heard, policy);
  };

  const result = fc.check(heedsMajority(hasty), { numRuns: 5_000 });

  expect(result.failed).toBe(true);
});

test('a watcher that says unknown and sees no life counts for nothing', () => {
  fc.assert(
    fc.property(testimonies, policies, (heard, policy) => {
      const spoken = heard.filter(({ opinion }) => opinion !== 'unknown');
      const silent = heard.map((one) => (one.opinion === 'unknown' ? { ...one, isCorroboratedAlive: false } : one));

      expect(judge(silent, policy)).toBe(judge(spoken, policy));
    }),
  );
});
