import { defineDeployment } from './src/config/loader.ts';

/**
 * The deployment that `npx cdk deploy --all` deploys. Edit it: ids, names and addresses are examples.
 *
 * What may stand here: docs/config.md. `npx cdk synth` says what is wrong, and where.
 */
export const deployment = defineDeployment({
  name: 'shop',
  controlRegions: ['us-east-1', 'us-west-2', 'us-east-2'], // the third is a witness
  services: {
    web: {
      mode: 'active-passive',
      sites: {
        virginia: {
          region: 'us-east-1',
          priority: 100,
          probes: [
            { type: 'https', url: 'https://virginia.shop.example/healthz', expect: { status: 200, body: 'ok' } },
          ],
        },
        oregon: {
          region: 'us-west-2',
          priority: 50,
          probes: [{ type: 'https', url: 'https://oregon.shop.example/healthz', expect: { status: 200, body: 'ok' } }],
        },
      },
      traffic: {
        dns: {
          zone: { id: 'Z0EXAMPLE', name: 'shop.example' },
          record: 'www.shop.example',
          addresses: { virginia: { a: '203.0.113.10' }, oregon: { a: '198.51.100.20' } },
        },
      },
    },
  },
  notify: { emails: ['oncall@shop.example'] },
});
