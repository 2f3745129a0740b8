import type { ChangeKind } from '../../../src/config/changes/change.ts';

// biome-ignore lint/suspicious/noExplicitAny: a draft of any shape, which the schema checks.
type Draft = any;
type Edit = (draft: Draft) => void;

/** One deployment after another, as a section of docs/changes.md describes it. */
export interface Section {
  readonly example: string;
  readonly before?: Edit;
  readonly after: Edit;
  /** Whether the functions are those of another version. */
  readonly isOtherVersion?: boolean;
  /** What `validate --against` calls it. */
  readonly kinds: readonly ChangeKind[];
  /** Types of resources that go, each with what its stack is for. */
  readonly gone: readonly string[];
}

const webOf = (draft: Draft) => draft.services.web;
const asIs: Edit = () => {};

const place = (name: string, region: string, priority: number) => ({
  region,
  priority,
  probes: [{ type: 'https', url: `https://${name}.shop.example/healthz`, expect: { status: 200, body: 'ok' } }],
});

const withTokyo: Edit = (draft) => {
  webOf(draft).sites.tokyo = place('tokyo', 'ap-northeast-1', 20);
  webOf(draft).traffic.dns.addresses.tokyo = { a: '192.0.2.40' };
};

const withoutIreland: Edit = (draft) => {
  delete webOf(draft).sites.ireland;
  delete webOf(draft).traffic.dns.addresses.ireland;
};

const withDublin: Edit = (draft) => {
  const { sites, traffic } = webOf(draft);
  sites.dublin = { ...sites.ireland, renamedFrom: 'ireland' };
  traffic.dns.addresses.dublin = traffic.dns.addresses.ireland;
  withoutIreland(draft);
};

const withMail: Edit = (draft) => {
  draft.services.mail = structuredClone(webOf(draft));
  draft.services.mail.traffic.dns.record = 'mail.shop.example';
};

const asPool: Edit = (draft) => {
  webOf(draft).mode = 'active-active';
  webOf(draft).traffic.dns.policy = 'weighted';
};

/** Two zones with a record each. */
const apart: Edit = (draft) => {
  webOf(draft).traffic.dns.addresses.right = { a: '203.0.113.11' };
};

const fencedBy =
  (functionName: string): Edit =>
  (draft) => {
    webOf(draft).sites.virginia.fence = { kind: 'custom', functionName };
  };

const withData =
  (globalId: string): Edit =>
  (draft) => {
    const cluster = (region: string) => `arn:aws:rds:${region}:123456789012:cluster:shop`;
    webOf(draft).data = {
      kind: 'aurora-global',
      globalId,
      clusters: { virginia: cluster('us-east-1'), oregon: cluster('us-west-2'), ireland: cluster('eu-west-1') },
    };
    webOf(draft).failover = { maxReplicationLagMs: '5s' };
  };

const five: Edit = (draft) => {
  draft.controlRegions = [...draft.controlRegions, 'us-east-2', 'eu-central-1'];
};

/** Lets every name follow oracles, or what the watchers write. */
export function inMode(draft: Draft, mode: 'oracle' | 'memory'): void {
  for (const { traffic } of Object.values<Draft>(draft.services)) if (traffic.dns) traffic.dns.mode = mode;
}

/** A tree of records, which goes once the name leads to another one. */
const tree = ['records: RecordSet'];
/** Sums of votes, which are made anew when their number changes. */
const votes = ['records: HealthCheck'];
/** With the guards of its sites. */
const guards = ['records: HealthCheck', 'records: RecordSet', 'region: Alarm'];

/** By the heading in docs/changes.md. */
export const sections: Readonly<Record<string, Section>> = {
  'Add a site': { example: 'three-regions', after: withTokyo, kinds: ['site-added'], gone: tree },
  'Remove a site': { example: 'three-regions', after: withoutIreland, kinds: ['site-removed'], gone: guards },
  'Rename a site': { example: 'three-regions', after: withDublin, kinds: ['site-renamed'], gone: [] },
  'Move a site to another region': {
    example: 'three-regions',
    after: (draft) => {
      webOf(draft).sites.ireland.region = 'eu-central-1';
    },
    kinds: ['site-name-reused'],
    gone: [],
  },
  'Change the order of sites': {
    example: 'three-regions',
    after: (draft) => {
      webOf(draft).sites.ireland.priority = 60;
    },
    kinds: ['priorities-changed'],
    gone: guards,
  },
  'Add a control region': {
    example: 'three-regions',
    after: five,
    kinds: ['control-region-added', 'thresholds-changed'],
    gone: votes,
  },
  'Remove or replace a control region': {
    example: 'three-regions',
    before: five,
    after: asIs,
    kinds: ['control-region-removed', 'thresholds-changed'],
    gone: votes,
  },
  'Change what other accounts give': {
    example: 'accounts',
    after: (draft) => {
      draft.accounts['222233334444'].externalId = 'shop-00000000';
    },
    kinds: ['external-id-changed'],
    gone: [],
  },
  'Add or remove a service': {
    example: 'three-regions',
    before: withMail,
    after: asIs,
    kinds: ['service-removed'],
    gone: [...guards, 'region: CompositeAlarm'],
  },
  'Change the mode': {
    example: 'three-regions',
    after: asPool,
    kinds: ['mode-changed', 'thresholds-changed'],
    gone: guards,
  },
  'Change a group': {
    example: 'three-regions',
    before: withMail,
    after: (draft) => {
      withMail(draft);
      draft.groups = { shop: { members: { web: [], mail: ['web'] } } };
    },
    kinds: ['group-changed'],
    gone: [],
  },
  'Change a name, a policy or an address of DNS': {
    example: 'three-regions',
    after: (draft) => {
      webOf(draft).traffic.dns.addresses.ireland = { a: '192.0.2.31' };
    },
    kinds: ['address-changed'],
    gone: tree,
  },
  'Add, change or remove a switch': {
    example: 'accounts',
    before: (draft) => {
      apart(draft);
      delete webOf(draft).traffic.address;
    },
    after: apart,
    kinds: ['switch-added'],
    gone: [],
  },
  'Change a fence': {
    example: 'three-regions',
    before: fencedBy('close'),
    after: fencedBy('shut'),
    kinds: ['fence-changed'],
    gone: [],
  },
  'Change the data': {
    example: 'three-regions',
    before: withData('shop'),
    after: withData('store'),
    kinds: ['data-changed'],
    gone: [],
  },
  'Change thresholds': {
    example: 'three-regions',
    after: (draft) => {
      webOf(draft).detection = { fallCount: 4 };
    },
    kinds: ['thresholds-changed'],
    gone: [],
  },
  'Rename the deployment, or move it to another account': {
    example: 'three-regions',
    after: (draft) => {
      draft.name = 'store';
    },
    kinds: ['deployment-renamed'],
    gone: [],
  },
  'Upgrade and roll back': { example: 'three-regions', after: asIs, isOtherVersion: true, kinds: [], gone: [] },
  'Restore a table': { example: 'three-regions', after: asIs, kinds: [], gone: [] },
};
