import { GetHostedZoneCommand, ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import { recordsPlan } from '../../../config/plan/records.ts';
import { notAsked } from '../../../core/checkup/reading.ts';
import type {
  RecordPlace,
  RecordsReading,
  SeenRecord,
  ZoneFacts,
  ZoneReading,
} from '../../../core/checkup/zone-checks.ts';
import { askedNames } from '../../../core/dns/record-values.ts';
import { recordTypes } from '../../../core/dns/zone-plan.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import type { DnsTraffic, DnsZone } from '../../../core/model/traffic.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { ResolveNameServers } from '../../net/name-servers.ts';
import type { AwsClients } from '../clients.ts';
import { ExistingRecords } from '../dns/existing-records.ts';
import { plainName } from '../dns/record-sets.ts';
import { controlPlaneRegion } from '../dns.ts';
import { errorName } from './fault-explanation.ts';
import type { Patience } from './patience.ts';

/** What DNS holds of a deployment. */
export interface DnsHeld {
  readonly zones: readonly ZoneReading[];
  readonly records: readonly RecordsReading[];
}

/** Services with a name, each with what it declares. */
type Named = readonly (readonly [service: string, dns: DnsTraffic])[];

/** Reads each zone and its delegation, and the records of each service. It lists only, and writes nothing. */
export async function readDnsHeld(
  clients: AwsClients,
  deployment: Deployment,
  resolve: ResolveNameServers,
  patience: Patience,
): Promise<DnsHeld> {
  const named: Named = Object.entries(deployment.services).flatMap(
    ([
      service,
      {
        traffic: { dns },
      },
    ]) => (dns === undefined ? [] : [[service, dns] as const]),
  );
  const ids = [...new Set(named.map(([, { zone }]) => zone.id))];
  const [zones, records] = await Promise.all([
    Promise.all(
      ids.flatMap((id) => {
        const zone = named.find(([, dns]) => dns.zone.id === id)?.[1].zone;
        return zone === undefined ? [] : [readZone(clients, zone, networksOf(deployment), resolve, patience)];
      }),
    ),
    Promise.all(named.map(([service, dns]) => readRecords(clients, deployment, service, dns, patience))),
  ]);
  return { zones, records };
}

async function readZone(
  clients: AwsClients,
  declared: DnsZone,
  networks: ZoneReading['networks'],
  resolve: ResolveNameServers,
  patience: Patience,
): Promise<ZoneReading> {
  const { id, name, account, private: isPrivate = false } = declared;
  const zone = account === undefined ? await patience.read(factsOf(clients, declared)) : notAsked(account);
  const isAsked = zone.kind === 'read' ? zone.value?.isPrivate === false : account !== undefined && !isPrivate;
  return { id, name, isPrivate, networks, zone, delegated: isAsked ? await patience.read(resolve(name)) : null };
}

async function factsOf(clients: AwsClients, { id, name }: DnsZone): Promise<ZoneFacts | null> {
  const client = clients.of(Route53Client, controlPlaneRegion);
  try {
    const {
      HostedZone,
      DelegationSet,
      VPCs = [],
    } = await clients.call((options) => client.send(new GetHostedZoneCommand({ Id: id }), options));
    const isPrivate = HostedZone?.Config?.PrivateZone === true;
    const given = DelegationSet?.NameServers ?? [];
    const own = isPrivate ? [] : await ownServers(clients, id, name);
    const servers = [...new Set([...given, ...own].map(plainName))].sort();
    const vpcIds = VPCs.flatMap(({ VPCId }) => VPCId ?? []).sort();
    return { name: plainName(HostedZone?.Name ?? ''), isPrivate, servers, vpcIds };
  } catch (error) {
    if (error instanceof PortError && errorName(error) === 'NoSuchHostedZone') return null;
    throw error;
  }
}

/** The networks in which watchers run. */
function networksOf({ watcher: { vpc = {} } }: Deployment): ZoneReading['networks'] {
  return Object.entries(vpc).map(([region, { vpcId }]) => ({ region, vpcId }));
}

/** Those that the zone's own NS record names: others where somebody gave them names of their own. */
async function ownServers(clients: AwsClients, id: string, name: string): Promise<readonly string[]> {
  const command = new ListResourceRecordSetsCommand({
    HostedZoneId: id,
    StartRecordName: name,
    StartRecordType: 'NS',
    MaxItems: 1,
  });
  const { ResourceRecordSets = [] } = await clients.call((options) =>
    clients.of(Route53Client, controlPlaneRegion).send(command, options),
  );
  return ResourceRecordSets.filter((set) => set.Type === 'NS' && plainName(set.Name ?? '') === name).flatMap(
    ({ ResourceRecords = [] }) => ResourceRecords.flatMap(({ Value }) => Value ?? []),
  );
}

async function readRecords(
  clients: AwsClients,
  deployment: Deployment,
  service: string,
  dns: DnsTraffic,
  patience: Patience,
): Promise<RecordsReading> {
  const names = askedNames(dns);
  const { id, account } = dns.zone;
  const reading = account === undefined ? await patience.read(recordsOf(clients, id, names)) : notAsked(account);
  return { service, names, planned: placesOf(deployment, service, dns), reading };
}

async function recordsOf(clients: AwsClients, id: string, names: readonly string[]): Promise<readonly SeenRecord[]> {
  const existing = new ExistingRecords(clients);
  const found = await Promise.all(
    names.map(async (name) =>
      (await existing.recordsOf(id, name)).map(({ type, setIdentifier, alias, values }) => ({
        name,
        type,
        setIdentifier,
        alias,
        values,
      })),
    ),
  );
  return found.flat();
}

/**
 * The places of a service's records. An alias of a tree of ours, whatever its mark, is of a deployment of ours; a
 * single record that is edited has no routing, and holds whatever was written last.
 */
function placesOf(deployment: Deployment, service: string, dns: DnsTraffic): readonly RecordPlace[] {
  const names = askedNames(dns);
  const plan = recordsPlan(deployment).find((one) => one.service === service);
  if (plan === undefined) {
    return names.flatMap((name) => recordTypes.map((type) => ({ name, type, setIdentifier: null, aliasOf: [] })));
  }
  return plan.records
    .filter(({ name }) => names.includes(name))
    .map(({ name, type, setIdentifier, target }) => {
      const aliasOf = target.kind === 'alias' ? plan.treeNames : [];
      return { name, type, setIdentifier, aliasOf };
    });
}
