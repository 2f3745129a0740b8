// biome-ignore lint/suspicious/noExplicitAny: a draft of any shape, which the schema checks.
type Draft = any;
type Edit = (draft: Draft) => void;

const webOf = (draft: Draft) => draft.services.web;
const dnsOf = (draft: Draft) => webOf(draft).traffic.dns;
const account = '222233334444';

const withAccounts: Edit = (draft) => {
  draft.account = '111122223333';
  draft.accounts = { [account]: { externalId: 'shop-8f3c1d92' } };
};

const asPool =
  (policy: string, mode = 'oracle'): Edit =>
  (draft) => {
    webOf(draft).mode = 'active-active';
    Object.assign(dnsOf(draft), { policy, mode });
  };

const renameService: Edit = (draft) => {
  draft.services.www = draft.services.web;
  delete draft.services.web;
};

const withMail =
  (record: string): Edit =>
  (draft) => {
    draft.services.mail = structuredClone(webOf(draft));
    draft.services.mail.traffic.dns.record = record;
  };

/** What a person may write into examples/three-regions, or take out of it, between two deployments. */
export const edits: Readonly<Record<string, Edit>> = {
  'as it is': () => {},
  'a site more': (draft) => {
    webOf(draft).sites.tokyo = {
      region: 'ap-northeast-1',
      priority: 70,
      probes: [{ type: 'https', url: 'https://tokyo.shop.example/healthz' }],
    };
    dnsOf(draft).addresses.tokyo = { a: '192.0.2.40' };
  },
  'a site less': (draft) => {
    delete webOf(draft).sites.ireland;
    delete dnsOf(draft).addresses.ireland;
  },
  'a site renamed': (draft) => {
    webOf(draft).sites.dublin = { ...webOf(draft).sites.ireland, renamedFrom: 'ireland' };
    dnsOf(draft).addresses.dublin = dnsOf(draft).addresses.ireland;
    delete webOf(draft).sites.ireland;
    delete dnsOf(draft).addresses.ireland;
  },
  'sites in another order': (draft) => {
    webOf(draft).sites.ireland.priority = 200;
  },
  'regions more': (draft) => {
    draft.controlRegions.push('us-east-2', 'eu-central-1');
  },
  'regions in another order': (draft) => {
    draft.controlRegions.reverse();
  },
  'regions in another order, records where they were': (draft) => {
    draft.controlRegions.reverse();
    draft.recordsRegion = 'us-east-1';
  },
  'another first region': (draft) => {
    draft.controlRegions = ['us-east-2', 'us-west-2', 'eu-west-1'];
  },
  'another last region': (draft) => {
    draft.controlRegions = ['us-east-1', 'us-west-2', 'us-east-2'];
  },
  'no memory': (draft) => {
    dnsOf(draft).memory = false;
  },
  'memory alone': (draft) => {
    dnsOf(draft).mode = 'memory';
  },
  'an edited record': (draft) => {
    dnsOf(draft).mode = 'records';
  },
  'a last resort': (draft) => {
    webOf(draft).failover = { allDown: 'last-resort' };
    dnsOf(draft).lastResort = { a: '192.0.2.250' };
  },
  'another time to live': (draft) => {
    dnsOf(draft).ttlSeconds = 20;
  },
  IPv6: (draft) => {
    for (const [place, its] of Object.values<Draft>(dnsOf(draft).addresses).entries()) its.aaaa = `2001:db8::${place}`;
  },
  'other names as sites': (draft) => {
    for (const site of Object.keys(dnsOf(draft).addresses))
      dnsOf(draft).addresses[site] = { cname: `${site}.cdn.example` };
  },
  'a pool by weight': asPool('weighted'),
  'a pool by latency': asPool('latency'),
  'a pool of many values': asPool('multivalue'),
  'a pool of edited weights': asPool('weighted', 'records'),
  'another name': (draft) => {
    dnsOf(draft).record = 'shop.shop.example';
  },
  'two names': (draft) => {
    dnsOf(draft).record = ['shop.shop.example', 'www.shop.example'];
  },
  'another zone': (draft) => {
    dnsOf(draft).zone = { id: 'Z0OTHER', name: 'shop.example' };
  },
  'a zone of another account': (draft) => {
    withAccounts(draft);
    dnsOf(draft).zone.account = account;
  },
  'a site of another account': (draft) => {
    withAccounts(draft);
    webOf(draft).sites.ireland.account = account;
    webOf(draft).sites.ireland.fence = { kind: 'custom', functionName: 'close' };
  },
  'an account': (draft) => {
    draft.account = '111122223333';
  },
  'a service more': withMail('mail.shop.example'),
  'a service renamed': renameService,
  'two services, and the name is that of the other': (draft) => {
    withMail('www.shop.example')(draft);
    dnsOf(draft).record = 'shop.shop.example';
  },
  'a second service with a name that the first one had beside its own': (draft) => {
    withMail('shop.shop.example')(draft);
  },
  'a renamed service with an edited record': (draft) => {
    dnsOf(draft).mode = 'records';
    renameService(draft);
  },
  'more memory, traces and a network': (draft) => {
    const network = {
      vpcId: 'vpc-0123456789abcdef0',
      subnetIds: ['subnet-0123456789abcdef0'],
      securityGroupIds: ['sg-0123456789abcdef0'],
    };
    draft.watcher = {
      memoryMb: 512,
      tracing: true,
      vpc: Object.fromEntries(draft.controlRegions.map((region: string) => [region, network])),
    };
  },
  'other intervals': (draft) => {
    webOf(draft).detection = { fallCount: 4, intervalMs: 20_000 };
  },
  'other people': (draft) => {
    draft.notify = {
      emails: ['night@shop.example', 'oncall@shop.example'],
      topics: ['arn:aws:sns:us-east-1:111122223333:ops'],
    };
  },
  nobody: (draft) => {
    draft.notify = { emails: [] };
  },
  'no hourly check': (draft) => {
    draft.doctor = { hourly: false };
  },
  'fronts of oracles': (draft) => {
    const url = draft.controlRegions.map((region: string) => [region, `https://votes-${region}.shop.example`]);
    draft.oracle = { url: Object.fromEntries(url) };
  },
  'fences, approval and alarms of both': (draft) => {
    for (const site of Object.values<Draft>(webOf(draft).sites)) site.fence = { kind: 'custom', functionName: 'close' };
    webOf(draft).failover = { approval: { waitMs: '5m' } };
  },
  'clients inside': (draft) => {
    const endpoints = Object.keys(webOf(draft).sites).map((site) => [site, `https://${site}.shop.example`]);
    webOf(draft).clients = { endpoints: Object.fromEntries(endpoints) };
  },
  data: (draft) => {
    const cluster = (region: string) => `arn:aws:rds:${region}:111122223333:cluster:shop`;
    const clusters = Object.entries<Draft>(webOf(draft).sites).map(([site, { region }]) => [site, cluster(region)]);
    webOf(draft).data = { kind: 'aurora-global', globalId: 'shop', clusters: Object.fromEntries(clusters) };
    webOf(draft).failover = { maxReplicationLagMs: '5s' };
  },
};
