import type { Calls } from '../core/calls.ts';
import type { Ports } from './ports.ts';

/** Carries a call of the core to the port that serves it. */
type Dispatcher<K extends keyof Calls> = (ports: Ports, input: Calls[K]['input']) => Promise<Calls[K]['output']>;

const dispatchers: { readonly [K in keyof Calls]: Dispatcher<K> } = {
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
  readIsolation: (ports, input) => ports.fences.readIsolation(input),
  setIsolation: async (ports, input) => {
    await ports.fences.setIsolation(input);
    return null;
  },
  readWeights: (ports, { region, listenerArn }) => ports.loadBalancers.readWeights(region, listenerArn),
  setWeights: async (ports, { region, listenerArn, weights }) => {
    await ports.loadBalancers.setWeights(region, listenerArn, weights);
    return null;
  },
  readScale: (ports, { region, scalable }) => ports.compute.readScale(region, scalable),
  setScale: async (ports, { region, scalable, size }) => {
    await ports.compute.setScale(region, scalable, size);
    return null;
  },
  readWriter: (ports, { region, service, data }) => ports.databases.readWriter(region, service, data),
  promote: async (ports, input) => {
    await ports.databases.promote(input);
    return null;
  },
  readPublication: (ports, { region, service }) => ports.publisher.readPublication(region, service),
  publish: async (ports, { region, publication }) => {
    await ports.publisher.publish(region, publication);
    return null;
  },
  survey: (ports, { region, service, site }) => ports.surveyor.survey(region, service, site),
  resolve: (ports, { name }) => ports.dns.resolve(name),
  readRecord: (ports, { zoneId, name }) => ports.dns.readRecord(zoneId, name),
  writeRecord: async (ports, { zoneId, name, ttlSeconds, values }) => {
    await ports.dns.writeRecord(zoneId, name, ttlSeconds, values);
    return null;
  },
  readRecordWeights: (ports, { zoneId, name }) => ports.dns.readRecordWeights(zoneId, name),
  writeRecordWeights: async (ports, { zoneId, name, weights }) => {
    await ports.dns.writeRecordWeights(zoneId, name, weights);
    return null;
  },
  notify: async (ports, { event }) => {
    await ports.notifier.notify(event);
    return null;
  },
  log: async (ports, { event }) => {
    ports.log.write(event);
    return null;
  },
};

/** Performs one call; rejects as the port does. */
export function dispatch<K extends keyof Calls>(
  ports: Ports,
  name: K,
  input: Calls[K]['input'],
): Promise<Calls[K]['output']> {
  return dispatchers[name](ports, input);
}
