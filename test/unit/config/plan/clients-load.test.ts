import { describe, expect, it, test } from 'vitest';
import type { DeploymentInput } from '../../../../src/config/input/deployment.ts';
import { defineDeployment, parseDeploymentValue } from '../../../../src/config/loader.ts';
import { checksPerSecond, clientsLoadOf, oracleLoadOf } from '../../../../src/config/plan/clients-load.ts';
import { functionPlanOf } from '../../../../src/config/plan/functions.ts';
import { applyOverrides } from '../../../../src/scenario/overrides.ts';
import { complaintsOf, shop } from '../shop.fixture.ts';

const endpoints = { virginia: 'https://virginia.internal', oregon: 'https://oregon.internal' };

/** Services like the shop's, each with a record and hosts of its own. */
function shops(count: number): DeploymentInput {
  const text = JSON.stringify(shop.services.web);
  const services = Array.from({ length: count }, (_, index) => [
    `web${index}`,
    JSON.parse(
      text
        .replaceAll('shop.example', `s${index}.example`)
        .replaceAll('Z0EXAMPLE', `Z0EXAMPLE${index}`)
        .replaceAll('203.0.113.10', `10.0.${index}.1`)
        .replaceAll('198.51.100.20', `10.0.${index}.2`),
    ),
  ]);
  return { ...shop, services: Object.fromEntries(services) };
}
const withClients = (clients: object): DeploymentInput =>
  ({ ...shop, services: { web: { ...shop.services.web, clients: { endpoints, ...clients } } } }) as DeploymentInput;
const reserved = (input: DeploymentInput, kind: 'oracle' | 'endpoints') =>
  functionPlanOf(defineDeployment(input), kind).concurrencyMax;

describe('an oracle', () => {
  it.each([
    [1, 10],
    [20, 10],
    [30, 15],
    [50, 24],
  ])('serves its checks three times over (checks=%i): %i reserved', (count, concurrency) => {
    expect(reserved(shops(count), 'oracle')).toBe(concurrency);
    expect(10 * concurrency).toBeGreaterThanOrEqual(3 * checksPerSecond(defineDeployment(shops(count))));
  });

  it.each([
    [1, { askedPerSecond: 1.6, servedPerSecond: 100, checks: 1, checksMax: 62 }],
    [30, { askedPerSecond: 48, servedPerSecond: 150, checks: 30, checksMax: 93 }],
  ])('says what is asked, what is served, and how many checks that is enough for (checks=%i)', (count, load) => {
    expect(oracleLoadOf(defineDeployment(shops(count)))).toEqual(load);
  });

  it('is asked nothing where no check asks it', () => {
    const byMemory = applyOverrides(shop, { 'services.web.traffic.dns.mode': 'memory' });

    expect(oracleLoadOf(parseDeploymentValue(byMemory, 'c.yaml'))).toBeNull();
  });
});

describe('clients', () => {
  it.each([
    [{}, 20, 40, 200],
    [{ fleet: 10 }, 2, 20, 100],
    [{ fleet: 1_000, askMs: 3_000 }, 1_000 / 3, 670, 2_010],
    [{ fleet: 10_000 }, 2_000, 2_000, 10_000],
  ])('%j ask, are served, and may be so many', (clients, askedPerSecond, servedPerSecond, fleetMax) => {
    const load = clientsLoadOf(defineDeployment(withClients(clients)));

    expect(load?.askedPerSecond).toBeCloseTo(askedPerSecond, 6);
    expect(load).toMatchObject({ servedPerSecond, fleetMax });
    expect(reserved(withClients(clients), 'endpoints')).toBe(servedPerSecond / 10);
  });

  it('that are too many are refused, with how many there may be', () => {
    expect(complaintsOf(() => defineDeployment(withClients({ fleet: 10_001 })))).toEqual([
      expect.stringContaining(
        'services.web.clients.fleet: found 2001 requests a second to each control region, allowed 2000, of 10000 programs',
      ),
    ]);
    expect(complaintsOf(() => defineDeployment(withClients({ fleet: 10_001, askMs: 10_000 })))).toEqual([]);
  });
});

test('without clients there is no load', () => {
  expect(clientsLoadOf(defineDeployment(shop))).toBeNull();
});
