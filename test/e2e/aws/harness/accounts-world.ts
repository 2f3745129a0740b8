import { exampleDeployment } from './template/example-deployment.ts';
import { World } from './world.ts';

/** The second account. Source: the example. */
export const otherAccount = '222233334444';

/** What the name answers while a site behind the address serves, and while the remote one does. Source: the example. */
export const elasticIp = '203.0.113.10';
/** The same of the remote site. */
export const remoteIp = '198.51.100.20';

/**
 * The deployment of examples/accounts: `left` and `right` behind one address, and the hosted zone, are in another
 * account; `remote` is in the deployment's own.
 */
export function startAccountsWorld(dnsMode: 'oracle' | 'records'): Promise<World> {
  return World.start(['left', 'right', 'remote'], async ({ cloudIn, sites }) => {
    const there = await cloudIn(otherAccount);
    const region = 'us-east-1';
    const [left = '', right = ''] = await there.runInstances(region, ['us-east-1a', 'us-east-1b']);
    return exampleDeployment('accounts', {
      zoneId: await there.createZone('shop.example'),
      healthUrls: Object.fromEntries(Object.values(sites).map((site) => [site.name, site.healthUrl])),
      dnsAddresses: { left: elasticIp, right: elasticIp, remote: remoteIp },
      dnsMode,
      address: { allocationId: await there.allocateAddress(region), instances: { left, right }, fallback: 'none' },
    });
  });
}
