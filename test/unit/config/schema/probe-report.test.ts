import { expect, test } from 'vitest';
import { parseDeploymentValue } from '../../../../src/config/loader.ts';
import { applyOverrides } from '../../../../src/scenario/overrides.ts';
import { complaintsOf, shop } from '../shop.fixture.ts';

const page = { type: 'https', url: 'https://virginia.shop.example/healthz' };

function read(probe: object) {
  return parseDeploymentValue(applyOverrides(shop, { 'services.web.sites.virginia.probes': [probe] }), 'c.yaml');
}

test('roles that mean active are kept in lower case, and lag is in milliseconds unless a unit is written', () => {
  const { services } = read({ ...page, report: { role: '$.db.role', activeRoles: ['Primary'], lag: 'lags[0]' } });

  expect(services.web?.sites.virginia?.probes).toMatchObject([
    { report: { role: '$.db.role', activeRoles: ['primary'], lag: 'lags[0]', lagUnitMs: 1 } },
  ]);
});

test.each([
  [{ report: {} }, 'a path of role, lag, load or ready'],
  [{ report: { lag: 'a..b' } }, 'a path of keys and indexes'],
  [{ report: { lag: 3 } }, 'a path of keys and indexes'],
  [{ report: { lag: '$..lag[?(@.x)]' } }, 'a path of keys and indexes'],
  [{ report: { lagMs: 'db.lag' } }, 'write lag: db.lag'],
  [{ report: { activeRole: 'primary' } }, 'activeRoles: [primary]'],
  [{ lagMs: 'db.lag' }, 'report: { lag: db.lagMs'],
  [{ method: 'HEAD', report: { lag: 'lag' } }, 'nothing for HEAD'],
])('a probe with %j is refused: %s', (more, says) => {
  expect(complaintsOf(() => read({ ...page, ...more })).join('\n')).toContain(says);
});
