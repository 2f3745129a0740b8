import { expect, test } from 'vitest';
import { headName } from '../../../../src/core/dns/record-tree.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import { noteRecords } from '../../../../src/core/watcher/surveys/records-in-place.ts';
import { oracleDns, recordsDns, registerWith, service, serviceWith } from '../service.fixture.ts';
import { Tables, watcherOf } from './change.fixture.ts';

const privateDns = { ...oracleDns, zone: { ...oracleDns.zone, private: true } };
const head = headName(service) ?? '';
const there = { [head]: ['192.0.2.1'] };
const living = ['region-1', 'region-2', 'region-3'];

/** What the tables hold after a look of the watcher of region-1, and the names that it asked for. */
function noted(
  names: Tables['names'],
  { register = registerWith(), given = service, freshWatchers = living }: Given = {},
): { readonly ledTo: Register['ledTo']; readonly asked: readonly unknown[] } {
  const tables = new Tables(register);
  tables.names = names;
  const view = { freshWatchers, members: living, outOfContact: [], unanswered: {} };
  tables.run(noteRecords(watcherOf(given), given, view as never, register));
  const asked = tables.calls
    .filter(({ name }) => name === 'resolve')
    .map(({ input }) => (input as { readonly name?: string }).name);
  return { ledTo: tables.held()[0]?.ledTo, asked };
}

interface Given {
  readonly register?: Register;
  readonly given?: typeof service;
  readonly freshWatchers?: readonly string[];
}

test('sites that the records in place lead to are noted once the tree of the configuration is answered', () => {
  expect(noted(there)).toEqual({ ledTo: ['far', 'one', 'two'], asked: [head, `none.${head}`] });
});

test.each<[string, Tables['names']]>([
  ['the tree is not there', {}],
  ['a wildcard answers for every name', { ...there, [`none.${head}`]: ['192.0.2.1'] }],
  ['no resolver answers', null],
])('nothing is noted while %s', (_, names) => {
  expect(noted(names, { register: registerWith({ ledTo: ['one'] }) }).ledTo).toEqual(['one']);
});

test('nothing is written where another watcher has noted the same meanwhile', () => {
  const tables = new Tables(registerWith({ ledTo: ['far', 'one', 'two'] }));
  tables.names = there;
  const view = { freshWatchers: living, members: living, outOfContact: [], unanswered: {} };

  tables.run(noteRecords(watcherOf(service), service, view as never, registerWith()));

  expect(tables.proposed()).toEqual([]);
});

test.each<[string, Given]>([
  ['the register says the same', { register: registerWith({ ledTo: ['far', 'one', 'two'] }) }],
  ['another watcher looks after it', { freshWatchers: ['region-2', 'region-3'] }],
  ['the records are edited', { given: serviceWith({ traffic: { dns: recordsDns } }) }],
  ['the zone is private', { given: serviceWith({ traffic: { dns: privateDns } }) }],
  ['there is no record', { given: serviceWith({ traffic: {} }) }],
])('nothing is asked where %s', (_, given) => {
  expect(noted(there, given).asked).toEqual([]);
});

test('the name of the tree is another one with each site', () => {
  const { far: _, ...addresses } = service.traffic.dns?.addresses ?? {};
  const { far: __, ...sites } = service.sites;
  const dns = { ...(service.traffic.dns as NonNullable<typeof service.traffic.dns>), addresses };

  expect(headName({ ...service, sites, traffic: { dns } })).not.toBe(head);
});
