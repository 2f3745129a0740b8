import { expect, test } from 'vitest';
import type { Deployment } from '../../../../src/core/model/deployment.ts';
import type { Evidence, OpinionItem } from '../../../../src/core/tables/opinion-item.ts';
import { composeServiceView } from '../../../../src/core/tables/service-view.ts';
import type { TableView } from '../../../../src/core/tables/table-view.ts';
import { service } from '../service.fixture.ts';

const controlRegions = ['region-1', 'region-2', 'region-3'];
const deployment = { name: 'shop', controlRegions, services: { shop: service } } as unknown as Deployment;

const site = (name: string): Evidence => ({ kind: 'site', site: name });

/** A table without any register, with what its watcher's item says. */
function empty(more: Partial<OpinionItem>): TableView {
  return { acceptors: { shop: null }, opinions: more as OpinionItem };
}

/** What three empty tables say of a loss. */
function lossOf(...items: readonly Partial<OpinionItem>[]) {
  const views = Object.fromEntries(controlRegions.map((region, index) => [region, empty(items[index] ?? {})]));
  return composeServiceView(deployment, service, views, {}, {}).loss;
}

test('tables without a register that no watcher has seen have lost none', () => {
  expect(lossOf({}, {}, {})).toBeUndefined();
});

test('a register that one watcher has seen is lost when no table holds it', () => {
  expect(lossOf({}, { epochs: { shop: 4 } })).toEqual({ named: null, isAnswered: false });
});

test('another service that is known says nothing of this one', () => {
  expect(lossOf({ epochs: { mail: 4 } })).toBeUndefined();
});

test.each<[string, readonly Evidence[], string | null, boolean]>([
  ['one watcher names a site', [site('two')], 'two', true],
  ['two watchers name the same', [site('two'), site('two')], 'two', true],
  ['two watchers name two', [site('one'), site('two')], null, true],
  ['a watcher could not ask', [{ kind: 'unknown', detail: 'no answer' }, site('two')], 'two', true],
  ['no watcher could ask', [{ kind: 'unknown', detail: 'no answer' }], null, false],
  ['nothing belongs to any site', [{ kind: 'nobody' }], null, true],
])('%s: the site that the functions name', (_, said, named, isAnswered) => {
  const items = said.map((evidence) => ({ epochs: { shop: 4 }, evidence: { shop: evidence } }));

  expect(lossOf(...items)).toEqual({ named, isAnswered });
});

test('a table that does not answer says nothing of a loss', () => {
  const views = { 'region-1': empty({ epochs: { shop: 4 } }), 'region-2': empty({}) };

  expect(composeServiceView(deployment, service, views, {}, {}).loss).toBeUndefined();
});

test('a table without an item says nothing of a loss', () => {
  const views = Object.fromEntries(controlRegions.map((region) => [region, { ...empty({}), opinions: null }]));

  expect(composeServiceView(deployment, service, views, {}, {}).loss).toBeUndefined();
});
