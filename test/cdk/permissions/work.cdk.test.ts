import { expect, test } from 'vitest';
import { statementsFor } from '../../../src/config/plan/permissions/permissions.ts';
import type { Work } from '../../../src/core/model/site.ts';
import { everything } from '../everything.fixture.ts';

test('a rule is put back as a whole only where it takes all management events', () => {
  const services = Object.fromEntries(
    Object.entries(everything.services).map(([name, service]) => [
      name,
      {
        ...service,
        sites: Object.fromEntries(
          Object.entries(service.sites).map(([site, place]) => [site, { ...place, work: place.work.map(withAll) }]),
        ),
      },
    ]),
  );
  const resourcesOf = (deployment: typeof everything) =>
    statementsFor(deployment, 'us-east-1', 'work').flatMap(({ actions, resources }) =>
      actions.includes('events:PutRule') ? resources : [],
    );

  expect(resourcesOf(everything)).toEqual([]);
  expect(resourcesOf({ ...everything, services })).toEqual([expect.stringMatching(/:rule\/nightly$/)]);
});

function withAll(work: Work): Work {
  return work.kind === 'eventbridge-rule' && work.name === 'nightly' ? { ...work, allManagementEvents: true } : work;
}
