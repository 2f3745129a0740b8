import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { init } from '../../../../src/cli/deploy/init-command.ts';
import { validate } from '../../../../src/cli/deploy/validate-command.ts';
import type { InitFlags } from '../../../../src/cli/program.ts';
import { parseDeployment } from '../../../../src/config/loader.ts';
import { recordTerminal } from '../terminal.fixture.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'failover-init-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const whole: InitFlags = {
  name: 'shop',
  site: ['virginia=us-east-1', 'oregon=us-west-2'],
  record: 'www.shop.example',
  zone: 'Z0123456789EXAMPLE',
  address: ['virginia=203.0.113.10', 'oregon=198.51.100.20'],
  path: '/healthz',
  email: 'oncall@shop.example',
};
const none: InitFlags = { path: '/healthz' };
const answers = [
  'shop',
  'virginia=us-east-1 oregon=us-west-2',
  'www.shop.example',
  'Z0123456789EXAMPLE',
  'virginia=203.0.113.10, oregon=198.51.100.20',
  'oncall@shop.example',
];

/** Somebody who answers one question after another. */
function person(lines: readonly string[]) {
  const asked: string[] = [];
  const terminal = recordTerminal({
    ask: async (question) => {
      asked.push(question);
      return lines[asked.length - 1] ?? '';
    },
  });
  return { terminal, asked };
}

async function written(flags: Partial<InitFlags>) {
  const file = join(folder, 'failover.config.yaml');
  const exit = await init(file, { ...whole, ...flags }, recordTerminal());
  return { exit, file, text: readFileSync(file, 'utf8') };
}

test('six answers make what the flags make, and validate finds nothing in it', async () => {
  const { terminal, asked } = person(answers);
  const file = join(folder, 'asked.yaml');

  const exit = await init(file, none, terminal);
  const byFlags = await written({});

  expect({ exit, questions: asked.length }).toEqual({ exit: 0, questions: 6 });
  expect(readFileSync(file, 'utf8')).toBe(byFlags.text);
  expect(await validate([file], {}, recordTerminal())).toBe(0);
});

describe('what the name answers for a site', () => {
  test.each([
    ['an IPv4 address', '203.0.113.10', { a: ['203.0.113.10'] }],
    ['an IPv6 address', '2001:db8::10', { aaaa: ['2001:db8::10'] }],
    [
      'a load balancer, as people copy it',
      'dualstack.Web-1.us-east-1.elb.amazonaws.com.',
      { alias: { dnsName: 'dualstack.web-1.us-east-1.elb.amazonaws.com', zoneId: 'Z35SXDOTRQ7X7K' } },
    ],
    ['another name', 'db.virginia.example.net', { cname: 'db.virginia.example.net' }],
  ])('%s', async (_, address, expected) => {
    const both = [
      `virginia=${address}`,
      `oregon=${address.replace('us-east-1', 'us-west-2').replace('10', '11').replace('virginia', 'oregon')}`,
    ];

    const { text, file } = await written({ address: both });

    const { web } = parseDeployment(text, file).services;
    expect(web?.traffic.dns?.addresses.virginia).toMatchObject(expected);
  });
});

test.each([
  ['two sites', ['a=us-east-1', 'b=us-west-2'], ['us-east-1', 'us-west-2', 'us-east-2']],
  ['two sites in Europe', ['a=eu-west-1', 'b=eu-central-1'], ['eu-west-1', 'eu-central-1', 'eu-north-1']],
  [
    'four sites',
    ['a=us-east-1', 'b=us-west-2', 'c=eu-west-1', 'd=eu-west-3'],
    ['us-east-1', 'us-west-2', 'eu-west-1', 'eu-west-3', 'us-east-2'],
  ],
])('%s get witnesses near them, and an odd number decides', async (_, site, regions) => {
  const address = site.map((one, index) => `${one.charAt(0)}=203.0.113.${index + 1}`);

  const { text, file } = await written({ site, address });

  expect(parseDeployment(text, file).controlRegions).toEqual(regions);
});

test('a record of two labels is its zone, and --zone-name says otherwise', async () => {
  const { text, file } = await written({ record: 'a.b.shop.example', zoneName: 'shop.example' });

  expect(parseDeployment(text, file).services.web?.traffic.dns?.zone.name).toBe('shop.example');
});

test.each([
  ['WWW.Shop.Example.', 'www.shop.example', 'shop.example'],
  ['bücher.shop.example', 'xn--bcher-kva.shop.example', 'shop.example'],
  ['*.shop.example', '*.shop.example', 'shop.example'],
  ['shop.example', 'shop.example', 'shop.example'],
])('the name %s is %s in the zone %s', async (record, name, zone) => {
  const { text, file } = await written({ record });

  const { dns } = parseDeployment(text, file).services.web?.traffic ?? {};
  expect([dns?.record, dns?.zone.name]).toEqual([name, zone]);
});

test('an answer that cannot be read is asked for again', async () => {
  const { terminal, asked } = person([answers[0] ?? '', 'virginia', ...answers.slice(1)]);

  const exit = await init(join(folder, 'again.yaml'), none, terminal);

  expect({ exit, questions: asked.length }).toEqual({ exit: 0, questions: 7 });
  expect(terminal.printed.err).toBe(
    'Write two sites or more, each as NAME=REGION, such as virginia=us-east-1 oregon=us-west-2.\n',
  );
});

test.each([
  ['nobody can be asked', none, 'nobody can be asked here; write --name shop'],
  ['a site has no address', { ...whole, address: ['virginia=203.0.113.10'] }, 'virginia=ADDRESS oregon=ADDRESS'],
  ['the region is none', { ...whole, site: ['virginia=virginia', 'oregon=us-west-2'] }, 'an AWS region'],
])('nothing is written when %s', async (_, flags, says) => {
  const file = join(folder, 'not.yaml');

  await expect(init(file, flags, recordTerminal())).rejects.toThrow(says);
  expect(existsSync(file)).toBe(false);
});

test('as JSON it says what it wrote', async () => {
  const terminal = recordTerminal();

  await init(join(folder, 'json.yaml'), { ...whole, json: true }, terminal);

  expect(JSON.parse(terminal.printed.out)).toMatchObject({ name: 'shop', sites: ['virginia', 'oregon'], lint: [] });
});

test('a file that is there stays as it is', async () => {
  const file = join(folder, 'mine.yaml');
  writeFileSync(file, 'mine');

  await expect(init(file, whole, recordTerminal())).rejects.toThrow('is there already');
  expect(readFileSync(file, 'utf8')).toBe('mine');
});
