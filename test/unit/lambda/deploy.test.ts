import { describe, expect, it } from 'vitest';
import { handler } from '../../../lambda/deploy/deploy.lambda.ts';

const hosts = { Kind: 'OracleHosts', Regions: ['us-east-1'], Parameter: '/shop/failover/oracle-host' } as const;
const web = { Service: 'web', CheckIds: [], Regions: ['us-east-1'] } as const;
const checks = { Kind: 'ChecksReady', Deployment: 'shop', Services: [{ ...web, CheckIds: ['check-1'] }] } as const;

describe('deploy', () => {
  it.each([
    ['OracleHosts', hosts],
    ['ChecksReady', checks],
  ])('does nothing when %s is deleted, and keeps its identity', async (_, ResourceProperties) => {
    // Nothing answers here: a call would reject, or be waited for past the end of the test.
    const event = { RequestType: 'Delete', PhysicalResourceId: 'made-before', ResourceProperties } as const;
    expect(await handler(event)).toEqual({ PhysicalResourceId: 'made-before' });
  });

  it('waits for nothing when nothing is asked, and names the resource after its kind', async () => {
    const event = {
      RequestType: 'Create',
      ResourceProperties: { ...checks, Services: [{ ...web, Regions: [] }] },
    } as const;
    expect(await handler(event)).toEqual({ PhysicalResourceId: 'ChecksReady' });
  });

  it('asks no oracle again that the records follow already, and keeps the identity of the resource', async () => {
    const ResourceProperties = { ...checks, Services: [web] };
    const event = {
      RequestType: 'Update',
      PhysicalResourceId: 'made-before',
      ResourceProperties,
      OldResourceProperties: { Services: [{ ...web, Regions: ['us-east-1', 'us-west-2'] }] },
    } as const;
    expect(await handler(event)).toEqual({ PhysicalResourceId: 'made-before' });
  });

  it('waits for no alarm again that the records follow already', async () => {
    const Alarms = [{ Region: 'us-east-1', Name: 'left' }];
    const Services = [{ ...web, Regions: [], Alarms }];
    const ResourceProperties = { ...checks, Services };
    const event = {
      RequestType: 'Update',
      PhysicalResourceId: 'made-before',
      ResourceProperties,
      OldResourceProperties: { Services },
    } as const;
    expect(await handler(event)).toEqual({ PhysicalResourceId: 'made-before' });
  });

  it('fails on a kind that it does not know, instead of reporting success', async () => {
    const event = { RequestType: 'Create', ResourceProperties: { Kind: 'Else' } } as never;
    await expect(handler(event)).rejects.toThrow('unknown kind of custom resource');
  });
});
