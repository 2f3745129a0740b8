import type { NetworkInterface } from '@aws-sdk/client-ec2';
import type { PlaceReading, SeenInterface, WantedPlace } from '../../../../core/checkup/places/place-checks.ts';
import { notAsked } from '../../../../core/checkup/reading.ts';
import type { Deployment } from '../../../../core/model/deployment.ts';
import type { Traffic } from '../../../../core/model/traffic.ts';
import { interfacesBy } from '../../address/network-interfaces.ts';
import type { AwsClients } from '../../clients.ts';
import type { Patience } from '../patience.ts';

/** Where the addresses and routes of each site belong. An instance that is found by its tag is left out. */
export async function readPlaces(
  clients: AwsClients,
  { services }: Deployment,
  patience: Patience,
): Promise<readonly PlaceReading[]> {
  const sites = Object.entries(services).flatMap(([service, { sites: all, traffic }]) =>
    Object.entries(all).flatMap(([site, { account }]) => {
      const wanted = placesOf(traffic, site);
      const region = traffic.address?.region ?? traffic.route?.region;
      if (wanted.length === 0 || region === undefined) return [];
      return [{ its: { subject: `${service}/${site}`, region, wanted }, account }];
    }),
  );
  return await Promise.all(
    sites.map(async ({ its, account }) => ({
      ...its,
      reading: account === undefined ? await patience.read(readInterfaces(clients, its)) : notAsked(account),
    })),
  );
}

/** What a move to a site leads there, each with its place. */
export function placesOf({ address, route }: Traffic, site: string): readonly WantedPlace[] {
  const target = route?.targets[site];
  return [
    ...(address?.instances[site] ?? []).flatMap((place) =>
      'tag' in place ? [] : [{ kind: 'address', place } as const],
    ),
    ...(target === undefined ? [] : [{ kind: 'route', place: target } as const]),
  ];
}

/** By filters: asked for by its id, one that is gone would fail the answer about all. */
async function readInterfaces(
  clients: AwsClients,
  { region, wanted }: Pick<PlaceReading, 'region' | 'wanted'>,
): Promise<readonly SeenInterface[]> {
  const ids = wanted.flatMap(({ place }) => ('networkInterfaceId' in place ? place.networkInterfaceId : []));
  const instances = wanted.flatMap(({ place }) => ('instanceId' in place ? place.instanceId : []));
  const by = (name: string, values: readonly string[]) => interfacesBy(clients, region, name, [...new Set(values)]);
  const found = await Promise.all([by('network-interface-id', ids), by('attachment.instance-id', instances)]);
  return found.flat().map(seenOf);
}

function seenOf(one: NetworkInterface): SeenInterface {
  return {
    networkInterfaceId: one.NetworkInterfaceId ?? '',
    instanceId: one.Attachment?.InstanceId ?? null,
    privateIpAddresses: (one.PrivateIpAddresses ?? []).flatMap(({ PrivateIpAddress }) => PrivateIpAddress ?? []),
    checksAddresses: one.SourceDestCheck === true,
    isAttached: one.Attachment !== undefined,
  };
}
