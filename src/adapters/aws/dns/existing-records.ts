import {
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
  type ResourceRecordSet,
  Route53Client,
} from '@aws-sdk/client-route-53';
import type { ExistingPolicy, ExistingRecord } from '../../../config/existing-records.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients, SendOptions } from '../clients.ts';
import { controlPlaneRegion } from '../dns.ts';
import { plainName } from './record-sets.ts';

/** A hosted zone of the account that a name may be in. */
export interface HostedZone {
  /** Without `/hostedzone/`. */
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
}

/** Most zones, and most sets, of one answer. Sources: Route 53 API Reference, both operations, "maxitems". */
const zonesOfPage = 100;
const setsOfPage = 300;
/**
 * Most answers to one question. A name has at most 100 records of a type, so that one page holds them all. Source:
 * Route 53 Developer Guide, "Quotas", weighted, latency and geolocation records.
 */
const pagesMax = 20;

/** Types whose records lead clients. Others, such as TXT and MX, stay beside any of these. */
const types = ['A', 'AAAA', 'CNAME'] as const;

/**
 * Reads what Route 53 has of a name. It lists only, and writes nothing.
 *
 * Source: Route 53 API Reference, "ListHostedZonesByName" and "ListResourceRecordSets".
 */
export class ExistingRecords {
  readonly #clients: AwsClients;
  readonly #pageMax: number;

  /** @param pageMax - most things of one answer; lower than AWS's own limits in tests alone */
  constructor(clients: AwsClients, pageMax: number = setsOfPage) {
    this.#clients = clients;
    this.#pageMax = pageMax;
  }

  /**
   * The zones of this account that the name may be in: those of the longest suffix that has one, public or private.
   *
   * @param name - canonical
   * @throws {PortError}
   */
  async zonesOf(name: string): Promise<readonly HostedZone[]> {
    const labels = name.split('.');
    for (let first = 0; first < labels.length; first += 1) {
      const zones = await this.#zonesNamed(labels.slice(first).join('.'));
      if (zones.length > 0) return zones;
    }
    return [];
  }

  /**
   * The records of a name that lead clients, in the order of Route 53.
   *
   * @throws {PortError}
   */
  async recordsOf(zoneId: string, name: string): Promise<readonly ExistingRecord[]> {
    const found: ResourceRecordSet[] = [];
    let from: Partial<ListResourceRecordSetsCommandInput> = { StartRecordName: name };
    for (let pages = 0; pages < pagesMax; pages += 1) {
      const command = new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, MaxItems: this.#pageMax, ...from });
      const page = await this.#call((client, options) => client.send(command, options));
      const sets = page.ResourceRecordSets ?? [];
      found.push(...sets.filter((set) => plainName(set.Name ?? '') === name));
      const { IsTruncated, NextRecordName = '', NextRecordType, NextRecordIdentifier } = page;
      if (IsTruncated !== true || plainName(NextRecordName) !== name) return found.flatMap(existingRecord);
      from = {
        StartRecordName: NextRecordName,
        StartRecordType: NextRecordType,
        StartRecordIdentifier: NextRecordIdentifier,
      };
    }
    throw endless('ListResourceRecordSets', name);
  }

  /** Zones are listed from a name on, those of one name beside each other. */
  async #zonesNamed(name: string): Promise<readonly HostedZone[]> {
    const found: HostedZone[] = [];
    let from: { DNSName: string; HostedZoneId?: string | undefined } = { DNSName: name };
    for (let pages = 0; pages < pagesMax; pages += 1) {
      const maxItems = Math.min(zonesOfPage, this.#pageMax);
      const command = new ListHostedZonesByNameCommand({ MaxItems: maxItems, ...from });
      const page = await this.#call((client, options) => client.send(command, options));
      for (const { Id = '', Name = '', Config } of page.HostedZones ?? []) {
        if (plainName(Name) !== name) continue;
        found.push({ id: Id.replace(/^\/hostedzone\//, ''), name, isPrivate: Config?.PrivateZone === true });
      }
      const { IsTruncated, NextDNSName = '', NextHostedZoneId } = page;
      if (IsTruncated !== true || plainName(NextDNSName) !== name) return found;
      from = { DNSName: NextDNSName, HostedZoneId: NextHostedZoneId };
    }
    throw endless('ListHostedZonesByName', name);
  }

  #call<T>(send: (client: Route53Client, options: SendOptions) => Promise<T>): Promise<T> {
    return this.#clients.call((options) => send(this.#clients.of(Route53Client, controlPlaneRegion), options));
  }
}

function endless(operation: string, name: string): PortError {
  return new PortError({ kind: 'invalid', detail: `${operation} has more than ${pagesMax} pages for ${name}` });
}

function existingRecord(set: ResourceRecordSet): readonly ExistingRecord[] {
  const type = types.find((each) => each === set.Type);
  if (type === undefined) return [];
  const values = (set.ResourceRecords ?? []).flatMap(({ Value }) => Value ?? []);
  return [
    {
      type,
      policy: policyOf(set),
      setIdentifier: set.SetIdentifier ?? null,
      isSecondary: set.Failover === 'SECONDARY',
      weight: set.Weight ?? null,
      region: set.Region ?? null,
      alias: set.AliasTarget?.DNSName === undefined ? null : plainName(set.AliasTarget.DNSName),
      values: type === 'CNAME' ? values.map(plainName) : values,
      ttlSeconds: set.AliasTarget === undefined ? (set.TTL ?? null) : null,
    },
  ];
}

function policyOf(set: ResourceRecordSet): ExistingPolicy {
  if (set.Failover !== undefined) return 'failover';
  if (set.Weight !== undefined) return 'weighted';
  if (set.Region !== undefined) return 'latency';
  if (set.MultiValueAnswer === true) return 'multivalue';
  if (set.GeoLocation !== undefined) return 'geolocation';
  return set.SetIdentifier === undefined ? 'simple' : 'other';
}
