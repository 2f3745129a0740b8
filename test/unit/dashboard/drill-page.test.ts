import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drillPage } from '../../../src/dashboard/drill-page.ts';
import { drawDrill, narrowLayout, wideLayout } from '../../../src/dashboard/drill-picture.ts';
import { drillResult } from './drill-result.fixture.ts';

/** Width of a bold letter of the widest usual font, DejaVu Sans, as a share of its size. */
const boldShare = 0.62;

/** Labels of phases with where they stand, as the picture holds them. */
function phaseLabels(svg: string) {
  return [...svg.matchAll(/<text class="phase" x="([\d.]+)" y="([\d.]+)">([^<]*)</g)].map(
    ([, x = '', y = '', text = '']) => ({ x: Number(x), y: Number(y), text }),
  );
}

describe('the page of a drill', () => {
  it('says first what came of it', () => {
    const page = drillPage(drillResult());

    const [, headline] = /<h1>(.*?)<\/h1>/.exec(page) ?? [];
    expect(headline).toBe('Traffic was back after 1.9 s; 38 requests were lost; the bound was 3.9 s.');
    expect(page).toContain('As expected.');
  });

  it('loads nothing and runs nothing', () => {
    const page = drillPage(drillResult());

    expect(page).not.toMatch(/<script|<link|<img|\bsrc=|\bhref=|@import|url\(|\bon[a-z]+=/i);
  });

  it('shows names as text, whatever they hold', () => {
    const page = drillPage(drillResult({ record: '<b>"x"&</b>', sites: ['virginia', '<i>'], to: '<i>' }));

    expect(page).toContain('&lt;b&gt;&quot;x&quot;&amp;&lt;/b&gt;');
    expect(page).not.toMatch(/<b>|<i>/);
  });

  it('has one ledger row a phase that was reached, in order of time', () => {
    const phases = {
      fault: 0,
      detected: 1_500,
      decided: 1_540,
      shifted: null,
      answered: null,
      verified: null,
    } as const;

    const page = drillPage(drillResult({ phases }));

    const rows = [...page.matchAll(/<tr><td>\d<\/td><th>(\w+)<\/th>/g)].map(([, phase]) => phase);
    expect(rows).toEqual(['fault', 'detected', 'decided']);
  });

  it('names no phase of a move when traffic stayed', () => {
    const phases = { fault: 0, detected: null, decided: null, shifted: null, answered: null, verified: null } as const;

    const svg = drawDrill(drillResult({ fault: 'watcher', to: 'virginia', phases }), wideLayout);

    expect(phaseLabels(svg).map(({ text }) => text)).toEqual(['1 fault 0.00 s']);
    expect(svg).not.toContain('oregon is active');
  });
});

describe('the page of a drill of own sites', () => {
  it('says how all was before, what was stopped and started, and how to do it again', () => {
    const page = drillPage(
      drillResult({
        stopCommand: 'docker stop <one>',
        mending: { command: 'docker start one', fault: null, tookMs: 300, backMs: 1_200 },
        firstAnswers: [
          {
            site: 'one',
            place: 'us-east-1',
            isActive: true,
            isServing: true,
            outcome: 'pass',
            asked: 'http x',
            saw: 'after 5 ms',
          },
        ],
        repeat: "npx cdk-failover drill --stop-command 'docker stop <one>'",
      }),
    );

    expect(page).toContain('<tr><th>one</th><td>us-east-1, active</td><td>pass: http x, after 5 ms</td></tr>');
    expect(page).toContain('Command: docker stop &lt;one&gt;');
    expect(page).toContain('docker start one: took 0.30 s, the first good answer came 1.20 s later');
    expect(page).toContain('<pre>npx cdk-failover drill --stop-command &#39;docker stop &lt;one&gt;&#39;</pre>');
  });

  it('says what keeps a site from being back', () => {
    const mending = { command: 'start', fault: 'the start command failed: it exited with 1', tookMs: 5, backMs: null };

    expect(drillPage(drillResult({ mending }))).toContain('start: the start command failed: it exited with 1');
  });
});

describe('the picture of a drill', () => {
  it.each([
    ['as a line where it fits', 3_850, 1, 'bound 3.85 s'],
    ['as an arrow where it would shrink the course', 60_000, 0, 'bound 60.00 s →'],
  ])('draws the bound %s', (_, boundMs, lines, text) => {
    const svg = drawDrill(drillResult({ boundMs }), wideLayout);

    expect(svg.match(/<line class="bound"/g)?.length ?? 0).toBe(lines);
    expect(svg).toContain(`>${text}</text>`);
  });

  it('shades the outage from the first lost request to the first good answer, and none without lost requests', () => {
    const none = drillResult().answers.map((answer) => ({ ...answer, isGood: true, reason: null }));

    expect(drawDrill(drillResult(), wideLayout)).toContain('<title>outage, 0.00 s to 1.90 s</title>');
    expect(drawDrill(drillResult({ answers: none }), wideLayout)).not.toContain('class="outage"');
  });

  it('has a lane for the site, each watcher, the register, each oracle, DNS and the client', () => {
    const svg = drawDrill(drillResult(), wideLayout);

    const labels = [...svg.matchAll(/<text class="label"[^>]*>([^<]*)</g)].map(([, label]) => label);
    expect(labels).toEqual([
      'site virginia',
      'watcher us-east-1',
      'watcher us-west-2',
      'watcher us-east-2',
      'register',
      'oracle us-east-1',
      'oracle us-west-2',
      'oracle us-east-2',
      'DNS answer',
      'client requests',
    ]);
  });

  it('marks each request that is shown once, good ones in the colour of their site', () => {
    const svg = drawDrill(drillResult(), wideLayout);

    const marks = (pattern: RegExp) => (pattern.exec(svg)?.[1] ?? '').split('M').length - 1;
    expect(marks(/class="dot site-0"[^>]* d="([^"]*)"/)).toBe(14);
    expect(marks(/class="lost" d="([^"]*)"/)).toBe(38);
    expect(marks(/class="dot site-1"[^>]* d="([^"]*)"/)).toBe(22);
  });

  it('ends the lane of a process that was killed', () => {
    const { events } = drillResult();
    const killed = { ...events[0], atMs: 10, kind: 'process-ended' } as (typeof events)[number];

    const svg = drawDrill(drillResult({ events: [events[0], killed] as typeof events }), wideLayout);

    expect(svg).toContain('class="gone"');
  });

  it.each([wideLayout, narrowLayout])('stays within its width ($name)', (layout) => {
    const svg = drawDrill(drillResult(), layout);

    const xs = [...svg.matchAll(/ x="([\d.]+)"(?: y="[\d.]+" width="([\d.]+)")?/g)].map(
      ([, x = '0', width = '0']) => Number(x) + Number(width),
    );
    expect(Math.max(...xs)).toBeLessThanOrEqual(layout.width);
  });

  it.each([wideLayout, narrowLayout])('covers no phase label by another, whenever they come ($name)', (layout) => {
    const time = fc.integer({ min: 1, max: 6_000 });
    fc.assert(
      fc.property(time, time, time, time, time, (detected, decided, shifted, answered, verified) => {
        const phases = { fault: 0, detected, decided, shifted, answered, verified } as const;

        const labels = phaseLabels(drawDrill(drillResult({ phases }), layout));

        for (const [index, label] of labels.entries()) {
          const endX = label.x + label.text.length * layout.fontSize * boldShare;
          expect(endX).toBeLessThanOrEqual(layout.width);
          const covered = labels.slice(index + 1).filter(({ x, y }) => y === label.y && x < endX);
          expect(covered).toEqual([]);
          // A line goes down from its label: none may pass through the text of a label further down.
          const crossed = labels.slice(index + 1).filter(({ x, y, text }) => {
            const lineX = label.x - 4;
            return y > label.y && lineX > x && lineX < x + text.length * layout.fontSize * boldShare;
          });
          expect(crossed).toEqual([]);
        }
      }),
    );
  });
});
