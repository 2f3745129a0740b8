import type { Path } from './document.ts';
import type { GuessedKey } from './guessed-key.ts';
import { guessedMoveKeys } from './guessed-move-keys.ts';
import { guessedProbeKeys } from './guessed-probe-keys.ts';

const service = 'services.*';
const site = `${service}.sites.*`;
const traffic = `${service}.traffic`;

/**
 * Keys of other tools and of common sense, by the place where people write them.
 *
 * Spelling mistakes are not here: `closest` finds them. A test holds each own key against the schema.
 */
export const guessedKeys: readonly GuessedKey[] = [
  {
    in: '',
    keys: ['regions', 'watchers'],
    own: 'controlRegions',
    hint: 'write controlRegions: [us-east-1, us-west-2, us-east-2]',
  },
  {
    in: '',
    keys: ['email', 'emails', 'alerts', 'notifications'],
    own: 'notify.emails',
    hint: 'write notify: { emails: [oncall@shop.example] }',
  },
  {
    in: '',
    keys: ['otlp', 'otel', 'opentelemetry', 'openTelemetry', 'metrics', 'traces'],
    own: 'telemetry.otlp',
    hint: 'write telemetry: { otlp: { endpoint: https://otlp.shop.example:4318 } }',
  },
  {
    in: 'telemetry',
    keys: ['opentelemetry', 'openTelemetry', 'otel', 'endpoint', 'url'],
    own: 'telemetry.otlp',
    hint: 'write otlp: { endpoint: https://otlp.shop.example:4318 }',
  },
  {
    in: 'telemetry.otlp',
    keys: ['url', 'host', 'collector', 'exporterEndpoint'],
    own: 'telemetry.otlp.endpoint',
    hint: 'write endpoint: https://otlp.shop.example:4318',
  },
  {
    in: 'telemetry.otlp',
    keys: ['auth', 'apiKey', 'token', 'authorization', 'bearer'],
    own: 'telemetry.otlp.headers',
    hint: 'write headers: { authorization: { secret: NAME } }, with the whole value, such as "Bearer ...", in that secret',
  },
  {
    in: 'notify',
    keys: ['topicArn', 'topicArns', 'sns', 'snsTopicArn', 'snsTopicArns', 'topic'],
    own: 'notify.topics',
    hint: 'write topics: [arn:aws:sns:us-east-1:111122223333:ops], best with one of a second region',
  },
  {
    in: 'notify',
    keys: ['slack', 'slackUrl', 'slackWebhook', 'slackWebhookUrl'],
    own: 'notify.webhooks',
    hint: 'write webhooks: [{ format: slack, url: { secret: NAME } }], with the URL in that secret: whoever has it can write to the channel',
  },
  {
    in: 'notify',
    keys: ['pagerduty', 'pagerDuty', 'pager'],
    own: 'notify.webhooks',
    hint: 'write webhooks: [{ format: pagerduty, routingKey: { secret: NAME } }], with the integration key in that secret',
  },
  {
    in: 'notify',
    keys: ['webhook', 'webhookUrl', 'url', 'http', 'https'],
    own: 'notify.webhooks',
    hint: 'write webhooks: [{ url: https://hooks.shop.example/failover, signingKey: { secret: NAME } }]',
  },
  {
    in: 'notify',
    keys: ['teams', 'opsgenie', 'opsGenie', 'discord'],
    own: null,
    hint: 'write the e-mail address of its channel or integration in emails, or subscribe it to a topic in topics (docs/notifications.md)',
  },
  {
    in: 'notify.webhooks.*',
    keys: ['urlSecret', 'secretUrl'],
    own: 'notify.webhooks.*.url',
    hint: 'write url: { secret: NAME }, with the URL in that secret',
  },
  {
    in: 'notify.webhooks.*',
    keys: ['secret', 'key', 'signingSecret', 'hmacSecret'],
    own: 'notify.webhooks.*.signingKey',
    hint: 'write signingKey: { secret: NAME }, with the key in that secret',
  },
  {
    in: traffic,
    keys: ['routes', 'routeTable', 'routeTables', 'routeTableIds'],
    own: `${traffic}.route`,
    hint: 'write route: { region: us-east-1, tables: [rtb-1], destinations: [10.200.0.1/32], targets: { left: { instanceId: i-1 } } }',
  },
  {
    in: traffic,
    keys: ['globalAccelerator', 'accelerators', 'endpointGroups', 'endpointGroupArns'],
    own: `${traffic}.accelerator`,
    hint: "write accelerator: { endpointGroupArns: { virginia: 'arn:aws:globalaccelerator::...', oregon: 'arn:...' } }",
  },
  {
    in: `${traffic}.accelerator`,
    keys: ['acceleratorArn', 'listenerArn', 'endpointGroups', 'groups'],
    own: `${traffic}.accelerator.endpointGroupArns`,
    hint: "write endpointGroupArns: { virginia: 'arn:aws:globalaccelerator::...', oregon: 'arn:...' }",
  },
  {
    in: `${traffic}.accelerator`,
    keys: ['endpoints', 'endpointConfigurations', 'weights', 'endpointWeights'],
    own: `${traffic}.accelerator.endpointIds`,
    hint: "write endpointIds: { left: 'arn:aws:elasticloadbalancing:...', right: i-0123456789abcdef0 }; the active site's get the weight 128, the others 0",
  },
  {
    in: traffic,
    keys: ['arc', 'routingControls', 'routingControl', 'routingControlArns', 'recoveryControl'],
    own: `${traffic}.controls`,
    hint: "write controls: { endpoints: { us-east-1: 'https://...' and four more }, routingControlArns: { virginia: 'arn:aws:route53-recovery-control::...', oregon: 'arn:...' } }",
  },
  {
    in: `${traffic}.controls`,
    keys: ['clusterEndpoints', 'clusterArn', 'cluster'],
    own: `${traffic}.controls.endpoints`,
    hint: 'write endpoints: { us-east-1: \'https://...\' }, all five, as "aws route53-recovery-control-config describe-cluster" gives them',
  },
  {
    in: `${traffic}.controls`,
    keys: ['routingControls', 'arns', 'controlPanelArn'],
    own: `${traffic}.controls.routingControlArns`,
    hint: "write routingControlArns: { virginia: 'arn:aws:route53-recovery-control::...', oregon: 'arn:...' }",
  },
  {
    in: traffic,
    keys: ['zonalShift', 'zonalShifts', 'zones', 'arcZonalShift', 'autoshift'],
    own: `${traffic}.zonal`,
    hint: "write zonal: { resourceArns: 'arn:aws:elasticloadbalancing:...', zoneIds: { a: use1-az1, b: use1-az2 } }",
  },
  {
    in: `${traffic}.zonal`,
    keys: ['loadBalancerArn', 'resourceArn', 'loadBalancerArns', 'resources', 'resourceIdentifier'],
    own: `${traffic}.zonal.resourceArns`,
    hint: "write resourceArns: 'arn:aws:elasticloadbalancing:...'",
  },
  {
    in: `${traffic}.zonal`,
    keys: ['expiresIn', 'expiry'],
    own: `${traffic}.zonal.expiryMs`,
    hint: 'write expiryMs: 12h',
  },
  {
    in: traffic,
    keys: ['cloudfront', 'cloudFront', 'cdn', 'keyValueStore', 'kvs', 'origin', 'origins', 'originGroup'],
    own: `${traffic}.edge`,
    hint: "write edge: { storeArn: 'arn:aws:cloudfront::...', key: web, originIds: { virginia: origin-a, oregon: origin-b } }",
  },
  {
    in: `${traffic}.edge`,
    keys: ['kvsArn', 'keyValueStoreArn', 'arn', 'store'],
    own: `${traffic}.edge.storeArn`,
    hint: "write storeArn: 'arn:aws:cloudfront::111122223333:key-value-store/...'",
  },
  {
    in: `${traffic}.edge`,
    keys: ['origins', 'values', 'targets', 'domains'],
    own: `${traffic}.edge.originIds`,
    hint: 'write originIds: { virginia: origin-a, oregon: origin-b }, ids as the distribution has them',
  },
  {
    in: traffic,
    keys: ['eip', 'elasticIp', 'elasticIps', 'ip', 'vip', 'privateIp', 'secondaryAddress', 'ipv6'],
    own: `${traffic}.address`,
    hint: 'write address: { allocationId: eipalloc-1 (or a list), region: us-east-1, instances: { left: i-1, right: eni-2 } }',
  },
  {
    in: `${traffic}.address`,
    keys: ['privateIpAddress', 'privateIpAddresses', 'ipv6Address', 'ipv6Addresses', 'prefix', 'prefixes', 'addresses'],
    own: `${traffic}.address.allocationId`,
    hint: 'write allocationId: [10.0.1.100, 2001:db8::5]; it takes them as it takes the allocation id of an Elastic IP',
  },
  {
    in: traffic,
    keys: ['loadBalancer', 'alb', 'nlb', 'elb', 'listener', 'listeners', 'targetGroups'],
    own: `${traffic}.targets`,
    hint: "write targets: { listenerArn: 'arn:...' (or a list), region: us-east-1, targetGroups: { left: 'arn:...', right: 'arn:...' } }",
  },
  {
    in: traffic,
    keys: ['route53', 'record', 'hostedZone'],
    own: `${traffic}.dns`,
    hint: 'write dns: { zone: { id: Z0EXAMPLE, name: shop.example }, record: www, addresses: { ... } }',
  },
  {
    in: `${traffic}.dns`,
    keys: ['ttl', 'ttlMs'],
    own: `${traffic}.dns.ttlSeconds`,
    hint: 'write ttlSeconds: 30',
  },
  {
    in: `${traffic}.dns`,
    keys: ['name', 'hostname', 'domain', 'recordName'],
    own: `${traffic}.dns.record`,
    hint: 'write record: www',
  },
  {
    in: `${traffic}.dns`,
    keys: ['zoneId', 'hostedZoneId', 'hostedZone', 'zoneName'],
    own: `${traffic}.dns.zone`,
    hint: 'write zone: { id: Z0EXAMPLE, name: shop.example }',
  },
  {
    in: `${traffic}.dns`,
    keys: ['weights', 'weight'],
    own: `${site}.capacity`,
    hint: 'the weights follow from sites.NAME.capacity',
  },
  {
    in: `${traffic}.dns.zone`,
    keys: ['vpc', 'vpcs', 'vpcId', 'privateZone', 'isPrivate'],
    own: `${traffic}.dns.zone.private`,
    hint: 'write private: true; the zone itself knows its networks, and watcher.vpc puts the watchers into them',
  },
  {
    in: service,
    keys: ['maintenanceWindow', 'maintenanceWindows', 'schedule', 'windows'],
    own: `${service}.maintenance`,
    hint: 'write maintenance: [{ site: oregon, cron: "0 3 * * 6", forMs: 2h }]',
  },
  {
    in: service,
    keys: ['freezes', 'freezeWindow', 'freezeWindows', 'blackout', 'blackouts'],
    own: `${service}.freeze`,
    hint: 'write freeze: [{ cron: "0 0 20 12 *", forMs: 14d }]',
  },
  {
    in: service,
    keys: ['gameday', 'gameDay', 'gamedays', 'rehearsals', 'drills'],
    own: `${service}.gameDays`,
    hint: 'write gameDays: [{ cron: "0 10 1 * *", forMs: 1h }]',
  },
  {
    in: `${service}.gameDays.*`,
    keys: ['for', 'duration', 'length'],
    own: `${service}.gameDays.*.forMs`,
    hint: 'write forMs: 1h',
  },
  {
    in: `${service}.maintenance.*`,
    keys: ['for', 'duration', 'length'],
    own: `${service}.maintenance.*.forMs`,
    hint: 'write forMs: 2h',
  },
  {
    in: `${service}.freeze.*`,
    keys: ['for', 'duration', 'length'],
    own: `${service}.freeze.*.forMs`,
    hint: 'write forMs: 14d',
  },
  {
    in: service,
    keys: ['probes', 'healthCheck', 'healthChecks'],
    own: `${site}.probes`,
    hint: 'each site has its own: write sites.NAME.probes',
  },
  {
    in: `${site}.measures`,
    keys: ['backups', 'backupAge', 'backupAgeMs', 'recoveryPoint', 'snapshot', 'snapshots'],
    own: `${site}.measures.backup`,
    hint: 'write backup: { kind: aws-backup, vault: NAME, resourceArn: arn:aws:... }, or kind: rds with the ARN of the database',
  },
  {
    in: `${site}.measures.backup`,
    keys: ['restoreTest', 'restoreTestMaxAgeMs', 'maxRestoreTestAgeMs', 'restoreAgeMs'],
    own: `${site}.measures.backup.maxRestoreAgeMs`,
    hint: 'write maxRestoreAgeMs: 35d beside kind: aws-backup',
  },
  {
    in: site,
    keys: ['accountId', 'awsAccount', 'accountNumber'],
    own: `${site}.account`,
    hint: "write account: '222233334444'",
  },
  {
    in: site,
    keys: ['roleArn', 'assumeRole', 'assumeRoleArn', 'externalId', 'crossAccountRole'],
    own: 'accounts',
    hint: "write account: '222233334444' here, and at the top accounts: { '222233334444': { externalId: shop-8f3c1d92 } }; the roles have names of their own",
  },
  {
    in: `${traffic}.dns.zone`,
    keys: ['accountId', 'role', 'roleArn', 'assumeRole', 'delegationRole', 'externalId'],
    own: 'accounts',
    hint: "write account: '222233334444' here, and at the top accounts: { '222233334444': { externalId: shop-8f3c1d92 } }; the roles have names of their own",
  },
  {
    in: site,
    keys: [
      'datacenter',
      'dataCenter',
      'dc',
      'onPrem',
      'onprem',
      'onPremises',
      'provider',
      'cloud',
      'external',
      'outside',
    ],
    own: `${site}.location`,
    hint: 'write location: frankfurt-dc instead of region, a name of your own for a place outside AWS',
  },
  {
    in: site,
    keys: ['healthCheck', 'healthChecks', 'health', 'check', 'checks', 'url', 'endpoint'],
    own: `${site}.probes`,
    hint: 'write probes: [{ type: https, url: https://eu.shop.example/healthz }]',
  },
  {
    in: site,
    keys: ['spare', 'isReserve', 'overflow', 'backupOnly'],
    own: `${site}.reserve`,
    hint: 'in active-active write reserve: true',
  },
  {
    in: site,
    keys: ['primary', 'role', 'isPrimary', 'order', 'rank'],
    own: `${site}.priority`,
    hint: 'write priority: 100; the highest is preferred',
  },
  {
    in: site,
    keys: ['weight', 'share'],
    own: `${site}.capacity`,
    hint: 'write capacity: 100; shares follow from it',
  },
  {
    in: site,
    keys: ['consumers', 'schedules', 'schedule', 'crons', 'jobs', 'rules', 'eventSourceMappings', 'workers'],
    own: `${site}.work`,
    hint: 'write work: [{ kind: eventbridge-rule, name: nightly }]',
  },
  {
    in: site,
    keys: ['availabilityZone', 'az'],
    own: `${site}.zone`,
    hint: 'write zone: us-east-1a',
  },
  ...guessedProbeKeys,
  {
    in: `${service}.detection`,
    keys: ['threshold', 'failureThreshold', 'unhealthyThreshold', 'failures', 'fall'],
    own: `${service}.detection.fallCount`,
    hint: 'write fallCount: 3',
  },
  {
    in: `${service}.detection`,
    keys: ['successThreshold', 'healthyThreshold', 'successes', 'rise'],
    own: `${service}.detection.riseCount`,
    hint: 'write riseCount: 5',
  },
  ...guessedMoveKeys,
];

/** What is to be said of an unknown key at a path; null when nobody is known to guess it. */
export function guessedKeyHint(path: Path): string | null {
  const place = path.slice(0, -1);
  const key = String(path.at(-1));
  const guess = guessedKeys.find((each) => each.keys.includes(key) && isAt(each.in, place));
  return guess?.hint ?? null;
}

function isAt(pattern: string, place: Path): boolean {
  const parts = pattern === '' ? [] : pattern.split('.');
  return parts.length === place.length && parts.every((part, index) => part === '*' || part === String(place[index]));
}
