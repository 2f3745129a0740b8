import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { init, type ReadRecords } from '../../../../src/cli/deploy/init-command.ts';
import { validate } from '../../../../src/cli/deploy/validate-command.ts';
import type { InitFlags } from '../../../../src/cli/program.ts';
import { type ExistingRecord, proposalFrom } from '../../../../src/config/existing-records.ts';
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
const none: InitFlags = { path: '/healthz', records: false };
const answers = [
  'shop',
  'www.shop.example',
  'Z0123456789EXAMPLE',
  'virginia=us-east-1 oregon=us-west-2',
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
  const { terminal, asked } = person([...answers.slice(0, 3), 'virginia', ...answers.slice(3)]);

  const exit = await init(join(folder, 'again.yaml'), none, terminal);

  expect({ exit, questions: asked.length }).toEqual({ exit: 0, questions: 7 });
  expect(terminal.printed.err).toBe(
    'Write two sites or more, each as NAME=REGION, such as virginia=us-east-1 oregon=us-west-2.\n',
  );
});

test.each([
  ['nobody can be asked', none, 'nobody can be asked here; write --name shop'],
  [
    'nobody can be asked for what is missing',
    { ...none, name: 'shop', site: ['virginia=us-east-1', 'oregon=us-west-2'] },
    /^nobody can be asked here; write --record \S+ --zone \S+ --address \S+ --address \S+ --email \S+$/,
  ],
  [
    'nobody can be asked, and the records are read',
    { path: '/', records: true, name: 'shop' },
    /^nobody can be asked here; write --record \S+ --email \S+$/,
  ],
  ['a site has no region', { ...whole, site: ['virginia', 'oregon=us-west-2'] }, /^--site: write two sites or more/],
  ['a site has no address', { ...whole, address: ['virginia=203.0.113.10'] }, 'virginia=ADDRESS oregon=ADDRESS'],
  ['the region is none', { ...whole, site: ['virginia=virginia', 'oregon=us-west-2'] }, 'an AWS region'],
])('nothing is written when %s', async (_, flags, says) => {
  const file = join(folder, 'not.yaml');

  await expect(init(file, flags, recordTerminal())).rejects.toThrow(says);
  expect(existsSync(file)).toBe(false);
});

describe('records that exist', () => {
  const alias = (setIdentifier: string, region: string, isSecondary: boolean): ExistingRecord => ({
    type: 'A',
    policy: 'failover',
    setIdentifier,
    isSecondary,
    weight: null,
    region: null,
    alias: `${setIdentifier}.${region}.elb.amazonaws.com`,
    values: [],
    ttlSeconds: null,
  });
  const simple = { ...alias('', '', false), policy: 'simple', setIdentifier: null, alias: null } as const;
  const pair = [alias('virginia', 'us-east-1', false), alias('oregon', 'us-west-2', true)];
  const zone = { id: 'Z0SEEN', name: 'shop.example', isPrivate: false };
  const seenAs =
    (records: readonly ExistingRecord[]): ReadRecords =>
    async () => ({ kind: 'seen', zone, records, proposal: proposalFrom(records) });
  const never: ReadRecords = () => expect.fail('nobody may be asked');

  test('are the answers to four questions, and what becomes of them is said', async () => {
    const { terminal, asked } = person(['shop', 'www.a.shop.example', '', '', '', 'oncall@shop.example']);
    const file = join(folder, 'seen.yaml');

    const exit = await init(file, { path: '/healthz' }, terminal, seenAs(pair));

    const { dns } = parseDeployment(readFileSync(file, 'utf8'), file).services.web?.traffic ?? {};
    expect({ exit, zone: dns?.zone, sites: Object.keys(dns?.addresses ?? {}) }).toEqual({
      exit: 0,
      zone: { id: 'Z0SEEN', name: 'shop.example' },
      sites: ['virginia', 'oregon'],
    });
    expect(asked[3]).toContain('[virginia=us-east-1 oregon=us-west-2]: ');
    expect(terminal.printed.err).toContain('www.a.shop.example has 2 records in the zone shop.example (Z0SEEN):');
    expect(terminal.printed.out).toContain('Deploy under another name first: set record to ha.shop.example.');
    expect(await validate([file], {}, recordTerminal())).toBe(0);
  });

  test('stand for flags that are missing, and a flag stands above them', async () => {
    const file = join(folder, 'flags.yaml');
    const { site: _site, address: _address, zone: _zone, ...few } = whole;
    const flags = { ...few, records: true, policy: 'weighted', ttlSeconds: 20 } as const;

    const exit = await init(file, flags, recordTerminal(), seenAs(pair));

    const { web } = parseDeployment(readFileSync(file, 'utf8'), file).services;
    expect([exit, web?.mode, web?.traffic.dns?.policy, web?.traffic.dns?.ttlSeconds]).toEqual([
      0,
      'active-active',
      'weighted',
      20,
    ]);
  });

  test('a part of the answer that was seen need not be written', async () => {
    const file = join(folder, 'part.yaml');
    const east = alias('web', 'us-east-1', false);
    const flags = { ...whole, address: ['oregon=198.51.100.20'], records: true };

    await expect(
      init(file, flags, recordTerminal(), seenAs([{ ...simple, values: ['203.0.113.10'] }])),
    ).rejects.toThrow('virginia=ADDRESS oregon=ADDRESS');
    const exit = await init(
      file,
      { ...flags, address: ['oregon=web-2.us-west-2.elb.amazonaws.com'] },
      recordTerminal(),
      seenAs([east]),
    );

    const { dns } = parseDeployment(readFileSync(file, 'utf8'), file).services.web?.traffic ?? {};
    expect([exit, dns?.addresses.virginia?.alias?.dnsName]).toEqual([0, 'web.us-east-1.elb.amazonaws.com']);
  });

  test('a long TTL is not taken over, and a simple record can be edited', async () => {
    const terminal = recordTerminal();
    const records = [{ ...simple, values: ['203.0.113.10'], ttlSeconds: 300 }];

    await init(join(folder, 'ttl.yaml'), { ...whole, records: true }, terminal, seenAs(records));

    expect(terminal.printed.out).toContain('Its TTL of 300 s is not taken over');
    expect(terminal.printed.out).toContain('set traffic.dns.mode to records');
  });

  test('that cannot be read stop nothing', async () => {
    const terminal = recordTerminal();
    const unseen: ReadRecords = async () => ({ kind: 'unseen', why: 'the AWS credentials have expired' });

    const exit = await init(join(folder, 'unseen.yaml'), { ...whole, records: true }, terminal, unseen);

    expect([exit, terminal.printed.err]).toEqual([
      0,
      'No existing records were read: the AWS credentials have expired.\n',
    ]);
  });

  test('are not asked for without a terminal, nor with --no-records', async () => {
    const { terminal } = person(answers);

    const exits = [
      await init(join(folder, 'one.yaml'), whole, recordTerminal(), never),
      await init(join(folder, 'two.yaml'), none, terminal, never),
    ];

    expect(exits).toEqual([0, 0]);
  });
});

test('as JSON it says what it wrote', async () => {
  const terminal = recordTerminal();

  await init(join(folder, 'json.yaml'), { ...whole, json: true }, terminal);

  expect(JSON.parse(terminal.printed.out)).toMatchObject({ name: 'shop', sites: ['virginia', 'oregon'], lint: [] });
});

test('a folder that is not there is said, and what to do', async () => {
  await expect(init(join(folder, 'none', 'x.yaml'), whole, recordTerminal())).rejects.toThrow('make it first');
});

test('a file that is there stays as it is', async () => {
  const file = join(folder, 'mine.yaml');
  writeFileSync(file, 'mine');

  await expect(init(file, whole, recordTerminal())).rejects.toThrow('is there already');
  expect(readFileSync(file, 'utf8')).toBe('mine');
});
