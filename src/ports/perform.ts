import type { Calls } from '../core/calls.ts';
import type { Ports } from './ports.ts';

/** Carries a call of the core to the port that serves it. */
type Performer<K extends keyof Calls> = (ports: Ports, input: Calls[K]['input']) => Promise<Calls[K]['output']>;

const performers: { readonly [K in keyof Calls]: Performer<K> } = {
  probe: (ports, { probe }) => ports.prober.probe(probe),
  checkSelf: (ports) => ports.prober.checkSelf(),
  prepare: (ports, { region, service, ballot }) => ports.tables.prepare(region, service, ballot),
  accept: (ports, { region, service, ballot, value }) => ports.tables.accept(region, service, ballot, value),
  readTable: (ports, { region, services }) => ports.tables.read(region, services),
  writeOpinions: (ports, { region, item }) => ports.tables.writeOpinions(region, item),
  claimToken: (ports, { region, service, token }) => ports.tables.claimToken(region, service, token),
  invoke: (ports, { region, order }) => ports.invoker.invoke(region, order),
  locateAddress: (ports, { region, allocationId }) => ports.addresses.locate(region, allocationId),
  associateAddress: async (ports, { region, allocationId, instanceId }) => {
    await ports.addresses.associate(region, allocationId, instanceId);
    return null;
  },
  readIsolation: (ports, { region, instanceIds, groupId }) => ports.compute.readIsolation(region, instanceIds, groupId),
  setIsolation: async (ports, { region, instanceIds, groupId, isIsolated }) => {
    await ports.compute.setIsolation(region, instanceIds, groupId, isIsolated);
    return null;
  },
  resolve: (ports, { name }) => ports.dns.resolve(name),
  readRecord: (ports, { zoneId, name }) => ports.dns.readRecord(zoneId, name),
  writeRecord: async (ports, { zoneId, name, ttlSeconds, values }) => {
    await ports.dns.writeRecord(zoneId, name, ttlSeconds, values);
    return null;
  },
  notify: async (ports, { happening }) => {
    await ports.notifier.notify(happening);
    return null;
  },
  log: async (ports, { happening }) => {
    ports.log.write(happening);
    return null;
  },
};

/** Performs one call; rejects as the port does. */
export function perform<K extends keyof Calls>(
  ports: Ports,
  name: K,
  input: Calls[K]['input'],
): Promise<Calls[K]['output']> {
  return performers[name](ports, input);
}
