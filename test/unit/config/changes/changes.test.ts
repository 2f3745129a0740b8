import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { refusedRecords } from '../../../../src/cli/deploy/record-update.ts';
import { type Change, type ChangeKind, changeKinds } from '../../../../src/config/changes/change.ts';
import { changesBetween } from '../../../../src/config/changes/changes.ts';
import { parseDeploymentValue } from '../../../../src/config/loader.ts';
import { shop } from '../shop.fixture.ts';

// biome-ignore lint/suspicious/noExplicitAny: a draft of any shape, which the schema checks.
type Draft = any;
type Edit = (draft: Draft) => void;

function configured(edit: Edit) {
  const draft = structuredClone(shop) as Draft;
  edit(draft);
  return parseDeploymentValue(draft, 'a test');
}

function changesOf(before: Edit, after: Edit): readonly Change[] {
  const [then, now] = [configured(before), configured(after)];
  return [...changesBetween(then, now), ...refusedRecords(then, now)];
}

const asIs: Edit = () => {};
const webOf = (draft: Draft) => draft.services.web;
const forgetful: Edit = (draft) => {
  webOf(draft).traffic.dns.memory = false;
};

/** The site `oregon` under another name, at its place and with its address. */
const withNewName =
  (renamedFrom?: string): Edit =>
  (draft) => {
    const { sites, traffic } = webOf(draft);
    sites.west = { ...sites.oregon, ...(renamedFrom && { renamedFrom }) };
    traffic.dns.addresses.west = traffic.dns.addresses.oregon;
    delete sites.oregon;
    delete traffic.dns.addresses.oregon;
  };

/** The site `oregon` outside AWS. */
const at =
  (location: string): Edit =>
  (draft) => {
    const { region: _, ...site } = webOf(draft).sites.oregon;
    webOf(draft).sites.oregon = { ...site, location };
  };

const withIreland: Edit = (draft) => {
  const { sites, traffic } = webOf(draft);
  sites.ireland = {
    region: 'eu-west-1',
    priority: 10,
    probes: [{ type: 'https', url: 'https://ireland.shop.example/healthz' }],
  };
  traffic.dns.addresses.ireland = { a: '192.0.2.30' };
};

const five: Edit = (draft) => {
  draft.controlRegions = [...draft.controlRegions, 'eu-west-1', 'eu-central-1'];
};

const withMail: Edit = (draft) => {
  draft.services.mail = {
    ...structuredClone(webOf(draft)),
    traffic: { dns: { ...structuredClone(webOf(draft).traffic.dns), record: 'mail.shop.example' } },
  };
};

const withLastResort: Edit = (draft) => {
  webOf(draft).failover = { allDown: 'last-resort' };
  webOf(draft).traffic.dns.lastResort = { a: '192.0.2.1' };
};

const grouped =
  (members: Readonly<Record<string, readonly string[]>>): Edit =>
  (draft) => {
    withMail(draft);
    draft.groups = { shop: { members } };
  };

/** Mail has the name that the web had, which has another one. */
const withNameOfMail: Edit = (draft) => {
  withMail(draft);
  draft.services.mail.traffic.dns.record = webOf(draft).traffic.dns.record;
  webOf(draft).traffic.dns.record = 'shop.shop.example';
};

const withNewServiceName: Edit = (draft) => {
  draft.services.www = draft.services.web;
  delete draft.services.web;
};

const reordered: Edit = (draft) => {
  draft.controlRegions = [...draft.controlRegions].reverse();
};

/** One simple record, which the watchers edit. */
const editedSimply: Edit = (draft) => {
  webOf(draft).traffic.dns.mode = 'records';
};

const fenced: Edit = (draft) => {
  webOf(draft).sites.virginia.fence = { kind: 'custom', functionName: 'close' };
};

const balanced: Edit = (draft) => {
  webOf(draft).mode = 'active-active';
  webOf(draft).traffic.dns.policy = 'weighted';
};

const edited: Edit = (draft) => {
  balanced(draft);
  webOf(draft).traffic.dns.mode = 'records';
};

const inOneRegion =
  (allocationId: string): Edit =>
  (draft) => {
    webOf(draft).sites.oregon.region = 'us-east-1';
    webOf(draft).traffic.address = {
      allocationId,
      region: 'us-east-1',
      instances: { virginia: 'i-0123456789abcdef0', oregon: 'i-0123456789abcdef1' },
    };
  };

const inOneRegionBare: Edit = (draft) => {
  webOf(draft).sites.oregon.region = 'us-east-1';
};

const aurora: Edit = (draft) => {
  webOf(draft).failover = { maxReplicationLagMs: 30_000 };
  webOf(draft).data = {
    kind: 'aurora-global',
    globalId: 'shop',
    clusters: {
      virginia: 'arn:aws:rds:us-east-1:111122223333:cluster:shop-1',
      oregon: 'arn:aws:rds:us-west-2:111122223333:cluster:shop-2',
    },
  };
};

/** The site `oregon` in another account, where a function fences it. */
const elsewhere =
  (given: { readonly externalId?: string; readonly region?: string } = {}): Edit =>
  (draft) => {
    draft.account = '111122223333';
    draft.accounts = { '222233334444': { externalId: 'shop-8f3c1d92', ...given } };
    webOf(draft).sites.oregon.account = '222233334444';
    webOf(draft).sites.oregon.fence = { kind: 'custom', functionName: 'close' };
  };

/** Both sites at home, where the same function fences. */
const fencedAtHome: Edit = (draft) => {
  draft.account = '111122223333';
  webOf(draft).sites.oregon.fence = { kind: 'custom', functionName: 'close' };
};

/** The same with another first control region. */
const elsewhereReordered =
  (given: Parameters<typeof elsewhere>[0] = {}): Edit =>
  (draft) => {
    elsewhere(given)(draft);
    draft.controlRegions = [...draft.controlRegions].reverse();
  };

/** The same with nothing to do in the other account. */
const elsewhereUnfenced: Edit = (draft) => {
  elsewhere()(draft);
  delete draft.accounts;
  delete webOf(draft).sites.oregon.fence;
};

const otherAccount = 'account 222233334444';

/** The zone in another account, with some names in it. */
const zoned =
  (record: string | string[] = 'www', id = 'Z0EXAMPLE'): Edit =>
  (draft) => {
    draft.account = '111122223333';
    draft.accounts = { '222233334444': { externalId: 'shop-8f3c1d92' } };
    const { dns } = webOf(draft).traffic;
    dns.zone = { id, name: 'shop.example', account: '222233334444' };
    dns.record = record;
  };

interface Case {
  readonly kind: ChangeKind;
  readonly effect: Change['effect'];
  readonly where: string;
  readonly before: Edit;
  readonly after: Edit;
}

const cases: readonly Case[] = [
  {
    kind: 'deployment-renamed',
    effect: 'refused',
    where: 'the deployment',
    before: asIs,
    after: (d) => {
      d.name = 'store';
    },
  },
  {
    kind: 'account-changed',
    effect: 'refused',
    where: 'the deployment',
    before: (d) => {
      d.account = '111122223333';
    },
    after: (d) => {
      d.account = '444455556666';
    },
  },
  { kind: 'control-region-added', effect: 'safe', where: 'eu-west-1', before: asIs, after: five },
  { kind: 'control-region-removed', effect: 'care', where: 'eu-central-1', before: five, after: asIs },
  {
    kind: 'control-regions-replaced',
    effect: 'refused',
    where: 'the deployment',
    before: asIs,
    after: (d) => {
      d.controlRegions = ['us-east-1', 'eu-west-1', 'eu-central-1'];
    },
  },
  {
    kind: 'control-regions-reordered',
    effect: 'safe',
    where: 'the deployment',
    before: asIs,
    after: (d) => {
      d.controlRegions = [...d.controlRegions].reverse();
    },
  },
  { kind: 'roles-added', effect: 'care', where: otherAccount, before: elsewhereUnfenced, after: elsewhere() },
  { kind: 'roles-removed', effect: 'care', where: otherAccount, before: elsewhere(), after: elsewhereUnfenced },
  { kind: 'roles-moved', effect: 'care', where: otherAccount, before: elsewhere(), after: elsewhereReordered() },
  { kind: 'roles-renamed', effect: 'care', where: 'the deployment', before: fencedAtHome, after: elsewhere() },
  { kind: 'zone-names-added', effect: 'care', where: otherAccount, before: zoned(), after: zoned(['www', 'api']) },
  { kind: 'zone-names-removed', effect: 'care', where: otherAccount, before: zoned(['www', 'api']), after: zoned() },
  { kind: 'zone-names-replaced', effect: 'refused', where: otherAccount, before: zoned(), after: zoned('api') },
  { kind: 'zone-moved', effect: 'care', where: 'web', before: zoned(), after: zoned('www', 'Z0OTHER') },
  {
    kind: 'external-id-changed',
    effect: 'care',
    where: otherAccount,
    before: elsewhere(),
    after: elsewhere({ externalId: 'shop-00000000' }),
  },
  { kind: 'service-added', effect: 'care', where: 'mail', before: asIs, after: withMail },
  { kind: 'service-removed', effect: 'care', where: 'mail', before: withMail, after: asIs },
  { kind: 'mode-changed', effect: 'care', where: 'web', before: asIs, after: balanced },
  {
    kind: 'group-changed',
    effect: 'care',
    where: 'mail',
    before: withMail,
    after: grouped({ web: [], mail: ['web'] }),
  },
  {
    kind: 'group-changed',
    effect: 'care',
    where: 'web',
    before: grouped({ mail: [], web: ['mail'] }),
    after: grouped({ web: [], mail: ['web'] }),
  },
  { kind: 'site-added', effect: 'safe', where: 'web/ireland', before: asIs, after: withIreland },
  { kind: 'site-removed', effect: 'care', where: 'web/ireland', before: withIreland, after: asIs },
  { kind: 'site-renamed', effect: 'safe', where: 'web/west', before: asIs, after: withNewName('oregon') },
  { kind: 'site-looks-renamed', effect: 'refused', where: 'web/west', before: asIs, after: withNewName() },
  { kind: 'rename-forgotten', effect: 'care', where: 'web/west', before: withNewName('oregon'), after: withNewName() },
  {
    kind: 'site-name-reused',
    effect: 'refused',
    where: 'web/oregon',
    before: asIs,
    after: (d) => {
      webOf(d).sites.oregon.region = 'eu-west-1';
    },
  },
  {
    kind: 'site-name-reused',
    effect: 'refused',
    where: 'web/oregon',
    before: at('frankfurt-dc'),
    after: at('munich-dc'),
  },
  {
    kind: 'priorities-changed',
    effect: 'safe',
    where: 'web',
    before: asIs,
    after: (d) => {
      webOf(d).sites.oregon.priority = 200;
    },
  },
  {
    kind: 'priorities-changed',
    effect: 'care',
    where: 'web',
    before: (d) => {
      webOf(d).failback = { mode: 'automatic' };
    },
    after: (d) => {
      webOf(d).failback = { mode: 'automatic' };
      webOf(d).sites.oregon.priority = 200;
    },
  },
  {
    kind: 'switch-added',
    effect: 'care',
    where: 'web (traffic.address)',
    before: inOneRegionBare,
    after: inOneRegion('eipalloc-1'),
  },
  {
    kind: 'switch-removed',
    effect: 'care',
    where: 'web (traffic.address)',
    before: inOneRegion('eipalloc-1'),
    after: inOneRegionBare,
  },
  {
    kind: 'switch-changed',
    effect: 'care',
    where: 'web (traffic.address)',
    before: inOneRegion('eipalloc-1'),
    after: inOneRegion('eipalloc-2'),
  },
  { kind: 'last-resort-removed', effect: 'care', where: 'web', before: withLastResort, after: asIs },
  {
    kind: 'record-changed',
    effect: 'care',
    where: 'web',
    before: asIs,
    after: (d) => {
      webOf(d).traffic.dns.record = 'shop.shop.example';
    },
  },
  {
    kind: 'record-changed',
    effect: 'care',
    where: 'web',
    before: editedSimply,
    after: (d) => {
      webOf(d).traffic.dns.record = 'shop.shop.example';
    },
  },
  { kind: 'record-owner-changed', effect: 'refused', where: 'web', before: editedSimply, after: asIs },
  { kind: 'record-owner-changed', effect: 'refused', where: 'web', before: asIs, after: editedSimply },
  { kind: 'record-owner-changed', effect: 'refused', where: 'www', before: asIs, after: withNewServiceName },
  { kind: 'record-owner-changed', effect: 'refused', where: 'mail', before: asIs, after: withNameOfMail },
  { kind: 'records-moved', effect: 'refused', where: 'the deployment', before: asIs, after: reordered },
  {
    kind: 'records-moved',
    effect: 'care',
    where: 'the deployment',
    before: asIs,
    after: (d) => {
      reordered(d);
      webOf(d).traffic.dns.record = 'shop.shop.example';
    },
  },
  {
    kind: 'oracle-urls-removed',
    effect: 'care',
    where: 'the deployment',
    before: forgetful,
    after: (d) => {
      webOf(d).traffic.dns.mode = 'memory';
    },
  },
  {
    kind: 'oracle-urls-removed',
    effect: 'care',
    where: 'the deployment',
    before: forgetful,
    after: (d) => {
      const url = d.controlRegions.map((region: string) => [region, `https://votes-${region}.shop.example`]);
      d.oracle = { url: Object.fromEntries(url) };
    },
  },
  {
    kind: 'address-changed',
    effect: 'care',
    where: 'web/oregon',
    before: asIs,
    after: (d) => {
      webOf(d).traffic.dns.addresses.oregon = { a: '198.51.100.99' };
    },
  },
  { kind: 'records-refused', effect: 'refused', where: 'web', before: balanced, after: edited },
  { kind: 'fence-changed', effect: 'care', where: 'web/virginia', before: asIs, after: fenced },
  { kind: 'data-changed', effect: 'care', where: 'web', before: asIs, after: aurora },
  {
    kind: 'thresholds-changed',
    effect: 'safe',
    where: 'web',
    before: asIs,
    after: (d) => {
      webOf(d).detection = { fallCount: 4 };
    },
  },
];

test.each(cases)('$kind is $effect, at $where', ({ kind, effect, where, before, after }) => {
  expect(changesOf(before, after)).toContainEqual(expect.objectContaining({ kind, effect, where }));
});

test('every kind of change has a case', () => {
  expect(changeKinds.filter((kind) => !cases.some((each) => each.kind === kind))).toEqual([]);
});

test.each(cases)('$kind is not found where nothing changes', ({ before, after }) => {
  expect(changesOf(before, before)).toEqual([]);
  expect(changesOf(after, after)).toEqual([]);
});

test('what is refused or needs care says what to do', () => {
  const all = cases.flatMap(({ before, after }) => changesOf(before, after));

  expect(all.filter(({ effect, hint }) => effect !== 'safe' && hint === null)).toEqual([]);
});

test.each<[ChangeKind, Edit]>([
  [
    'site-name-reused',
    (draft) => {
      webOf(draft).sites.west.region = 'eu-west-1';
    },
  ],
  [
    'fence-changed',
    (draft) => {
      webOf(draft).sites.west.fence = { kind: 'custom', functionName: 'close' };
    },
  ],
  [
    'address-changed',
    (draft) => {
      webOf(draft).traffic.dns.addresses.west = { a: '198.51.100.99' };
    },
  ],
])('a renamed site is compared with what it was: %s', (kind, edit) => {
  const after: Edit = (draft) => {
    withNewName('oregon')(draft);
    edit(draft);
  };

  expect(changesOf(asIs, after)).toContainEqual(expect.objectContaining({ kind, where: 'web/west' }));
});

describe('records that cannot stand side by side', () => {
  const account = '222233334444';
  const inAccount =
    (edit: Edit): Edit =>
    (draft) => {
      edit(draft);
      draft.account = '111122223333';
      draft.accounts = { [account]: { externalId: 'shop-8f3c1d92' } };
      webOf(draft).traffic.dns.zone.account = account;
    };
  const named: Edit = (draft) => {
    const { addresses } = webOf(draft).traffic.dns;
    for (const site of Object.keys(addresses)) addresses[site] = { cname: `${site}.partner.example` };
  };

  test.each<[string, Edit, Edit]>([
    ['addresses and names', asIs, named],
    ['names and addresses', named, asIs],
    ['weights and votes', balanced, edited],
  ])('are refused in the own account, and replaced in one batch in another one: %s', (_, before, after) => {
    const refused = (...pair: [Edit, Edit]) => changesOf(...pair).some(({ kind }) => kind === 'records-refused');

    expect(refused(before, after)).toBe(true);
    expect(refused(inAccount(before), inAccount(after))).toBe(false);
  });
});

test('a renamed site is neither added nor removed', () => {
  expect(changesOf(asIs, withNewName('oregon')).map(({ kind }) => kind)).toEqual(['site-renamed']);
});

test('stacks stay where they are when their regions are written before another one becomes the first', () => {
  const [first] = configured(elsewhere()).controlRegions;
  const after: Edit = (draft) => {
    elsewhereReordered(first === undefined ? {} : { region: first })(draft);
    draft.recordsRegion = first;
  };

  expect(changesOf(elsewhere(), after).map(({ kind }) => kind)).toEqual(['control-regions-reordered']);
});

test('roles that would move say both ways, with the regions and the stack', () => {
  const moved = changesOf(elsewhere(), elsewhereReordered()).find(({ kind }) => kind === 'roles-moved');

  expect(moved?.hint).toContain("write region: us-east-1 under accounts: '222233334444'");
  expect(moved?.hint).toContain('delete shop-failover-account-222233334444 in us-east-1');
});

test('another zone says that votes are missing for a time', () => {
  const after: Edit = (draft) => {
    webOf(draft).traffic.dns.zone.id = 'Z0OTHER';
  };

  expect(changesOf(asIs, after)).toEqual([
    expect.objectContaining({ kind: 'record-changed', message: expect.stringContaining('votes are missing') }),
  ]);
});

describe('docs/changes.md', () => {
  const root = fileURLToPath(new URL('../../../../', import.meta.url));
  const page = readFileSync(`${root}docs/changes.md`, 'utf8');
  const sections = page.split(/^## /m).slice(1);
  /** A second deployment, and none: nothing of the first one goes on in either. */
  const withoutScenario = ['Rename the deployment, or move it to another account', 'Uninstall'];

  test.each(changeKinds)('has %s in one section', (kind) => {
    expect(sections.filter((section) => section.includes(`\`${kind}\``))).toHaveLength(1);
  });

  test.each(sections.map((text) => [text.split('\n')[0] ?? '', text]))('%s: what shows it is there', (_, text) => {
    const shown = /^Shown by: (.*(?:\n.+)*)/m.exec(text)?.[1] ?? '';
    const paths = [...shown.matchAll(/`([^`]+)`/g)].map(([, path]) => path ?? '');

    const isPlayed = paths.some((path) => path.startsWith('scenarios/'));
    expect(isPlayed || withoutScenario.includes(text.split('\n')[0] ?? '')).toBe(true);
    expect(paths.filter((path) => !existsSync(`${root}${path}`))).toEqual([]);
  });
});
