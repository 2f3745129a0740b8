import { expect, test } from 'vitest';
import type { DeploymentInput } from '../../../../src/config/input/deployment.ts';
import { defineDeployment } from '../../../../src/config/loader.ts';
import { targets } from '../../../../src/core/kinds/targets.ts';
import { serviceOf } from '../../../../src/core/model/deployment.ts';
import { applyOverrides, type Overrides } from '../../../../src/scenario/overrides.ts';
import { balanced } from '../mode-cases.fixture.ts';
import { complaintsOf } from '../shop.fixture.ts';

const at = 'services.web.traffic.targets';
const network =
  'arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/net/web/0123456789abcdef/0123456789abcdef';
const balancedWith = (overrides: Overrides) => defineDeployment(applyOverrides(balanced, overrides) as DeploymentInput);
const complaints = (overrides: Overrides) => complaintsOf(() => balancedWith(overrides));

test.each([0, 604_801, 1.5])('clients do not stay for %d s', (seconds) => {
  expect(complaints({ [`${at}.stickinessSeconds`]: seconds })).toEqual([
    expect.stringContaining('a whole number from 1 to 604800'),
  ]);
});

test('clients of a network load balancer have no cookies', () => {
  const sticky = { [`${at}.stickinessSeconds`]: 60 };

  expect(complaints(sticky)).toEqual([]);
  expect(complaints({ ...sticky, [`${at}.listenerArn`]: network })).toEqual([
    expect.stringContaining(`${at}.stickinessSeconds: found a network load balancer, allowed none`),
  ]);
});

test('the function sets the stickiness of its own deployment, whatever an order says', () => {
  const service = serviceOf(balancedWith({ [`${at}.stickinessSeconds`]: 60 }), 'web');
  const desired = { kind: 'targets', listener: 0, weights: { left: 50, right: 50 }, stickinessSeconds: 1 } as const;

  expect(targets.thingOf(desired, service, 'us-east-1')).toMatchObject({ stickinessSeconds: 60 });
});
