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
  'read:address': (ports, { region, allocationId }) => ports.addresses.locate(region, allocationId),
  'write:address': async (ports, { region, allocationId, instanceId }) => {
    await ports.addresses.associate(region, allocationId, instanceId);
    return null;
  },
  'read:fence': (ports, thing) => ports.fences.readIsolation(thing),
  'write:fence': async (ports, thing) => {
    await ports.fences.setIsolation(thing);
    return null;
  },
  'read:targets': (ports, { region, listenerArn }) => ports.loadBalancers.readWeights(region, listenerArn),
  'write:targets': async (ports, { region, listenerArn, weights }) => {
    await ports.loadBalancers.setWeights(region, listenerArn, weights);
    return null;
  },
  'read:start': (ports, { region, scalable }) => ports.compute.readScale(region, scalable),
  'write:start': async (ports, { region, scalable, size }) => {
    await ports.compute.setScale(region, scalable, size);
    return null;
  },
  'read:promote': (ports, { region, service, data }) => ports.databases.readWriter(region, service, data),
  'write:promote': async (ports, input) => {
    await ports.databases.promote(input);
    return null;
  },
  'read:publish': (ports, { region, publication }) => ports.publisher.readPublication(region, publication.service),
  'write:publish': async (ports, { region, publication }) => {
    await ports.publisher.publish(region, publication);
    return null;
  },
  'read:dns': async (ports, { zoneId, name, answer }) =>
    answer.kind === 'values'
      ? { kind: 'values', values: await ports.dns.readRecord(zoneId, name) }
      : { kind: 'weights', weights: await ports.dns.readRecordWeights(zoneId, name) },
  'write:dns': async (ports, { zoneId, name, ttlSeconds, answer }) => {
    if (answer.kind === 'values') await ports.dns.writeRecord(zoneId, name, ttlSeconds, answer.values);
    else await ports.dns.writeRecordWeights(zoneId, name, answer.weights);
    return null;
  },
  survey: (ports, { region, service, site }) => ports.surveyor.survey(region, service, site),
  resolve: (ports, { name }) => ports.dns.resolve(name),
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
