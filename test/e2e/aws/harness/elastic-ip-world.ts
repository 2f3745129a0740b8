import { exampleDeployment } from './template/example-deployment.ts';
import { World } from './world.ts';

/**
 * The deployment of examples/elastic-ip: `left` and `right` in two zones behind one address, `remote` by DNS.
 *
 * @param fallback - `none`, as in the example: both sites of the address have its one DNS address. `dns`: each its own.
 */
export function startElasticIpWorld(fallback: 'dns' | 'none'): Promise<World> {
  return World.start(['left', 'right', 'remote'], async ({ cloud, sites }) => {
    const region = 'us-east-1';
    const [left = '', right = ''] = await cloud.runInstances(region, ['us-east-1a', 'us-east-1b']);
    const healthUrls = Object.fromEntries(Object.values(sites).map((site) => [site.name, site.healthUrl]));
    return exampleDeployment('elastic-ip', {
      zoneId: 'Z0EXAMPLE',
      healthUrls,
      dnsAddresses:
        fallback === 'none'
          ? { left: elasticIp, right: elasticIp, remote: remoteIp }
          : { left: '203.0.113.11', right: '203.0.113.12', remote: remoteIp },
      address: { allocationId: await cloud.allocateAddress(region), instances: { left, right }, fallback },
    });
  });
}

/** What the name answers while a site behind the address serves. Source: the example. */
export const elasticIp = '203.0.113.10';
/** What it answers while the remote site serves. Source: the example. */
export const remoteIp = '198.51.100.20';
