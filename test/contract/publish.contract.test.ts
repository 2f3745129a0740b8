import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { beforeEach, describe, expect, it } from 'vitest';
import { SsmPublisher } from '../../src/adapters/aws/publish.ts';
import { defineDeployment } from '../../src/config/loader.ts';
import type { Publication } from '../../src/core/kinds/publication.ts';
import { describeOnMoto } from '../support/on-moto.ts';
import { SimAccount } from '../support/sim-account.ts';
import { faultOf, jsonError, standIn } from '../support/stand-in.ts';
import { zones } from '../unit/config/shop.fixture.ts';

type Publisher = Pick<SsmPublisher, 'readPublication' | 'publish'>;

const home = 'us-east-1';
const away = 'us-west-2';

function listOf(epoch: number, ...sites: readonly string[]): Publication {
  const endpoints = sites.map((site) => ({ site, url: `https://${site}.example` }));
  return { service: 'web', epoch, endpoints, isReadOnly: false };
}

describe('publications in the simulator', () => {
  describeContract(() => {
    const account = new SimAccount(defineDeployment(zones));
    return {
      readPublication: (region, service) =>
        account.call(region, 'read:publish', {
          region,
          publication: { service, epoch: 0, endpoints: [], isReadOnly: false },
        }),
      publish: async (region, publication) =>
        void (await account.call(region, 'write:publish', { region, publication })),
    };
  });
});

describeOnMoto('publications in Parameter Store, by moto', [home, away], (clients) => {
  let made = 0;
  /** A deployment that nobody else has; moto keeps what tests before have written. */
  const nameOfNext = () => {
    made += 1;
    return `shop${made}`;
  };
  describeContract(() => new SsmPublisher(clients(), nameOfNext()));

  it('is one parameter a service, as JSON that anybody can read', async () => {
    const name = nameOfNext();
    await new SsmPublisher(clients(), name).publish(home, listOf(3, 'b', 'a'));

    const command = new GetParameterCommand({ Name: `/${name}/failover/endpoints/web` });
    const { Parameter } = await clients().of(SSMClient, home).send(command);

    expect(JSON.parse(Parameter?.Value ?? '')).toEqual({
      service: 'web',
      epoch: 3,
      endpoints: [
        { site: 'b', url: 'https://b.example' },
        { site: 'a', url: 'https://a.example' },
      ],
      isReadOnly: false,
    });
  });

  it('keeps a list that is too long for a standard parameter', async () => {
    const long = { ...listOf(1), endpoints: [{ site: 'a', url: `https://a.example/${'x'.repeat(5_000)}` }] };
    const publisher = new SsmPublisher(clients(), nameOfNext());

    await publisher.publish(home, long);

    expect(await publisher.readPublication(home, 'web')).toEqual(long);
  });

  it.each(['what is this', '{}', 'null', '[]'])('takes "%s" for nothing, and writes over it', async (Value) => {
    const name = nameOfNext();
    const publisher = new SsmPublisher(clients(), name);
    const command = new PutParameterCommand({ Name: `/${name}/failover/endpoints/web`, Value, Type: 'String' });
    await clients().of(SSMClient, home).send(command);

    expect(await publisher.readPublication(home, 'web')).toBeNull();
    await publisher.publish(home, listOf(1, 'a'));
    expect(await publisher.readPublication(home, 'web')).toEqual(listOf(1, 'a'));
  });
});

describe('publications in Parameter Store, when it fails', () => {
  it.each([
    ['ThrottlingException', 'throttled'],
    ['AccessDeniedException', 'denied'],
    ['InternalServerError', 'unavailable'],
  ])('is %s: %s, which is not "nothing published", and nothing is written', async (code, kind) => {
    const { clients, seen } = await standIn([home], (_, response) => jsonError(response, code));
    const publisher = new SsmPublisher(clients, 'shop');

    expect((await faultOf(() => publisher.readPublication(home, 'web'))).kind).toBe(kind);
    expect((await faultOf(() => publisher.publish(home, listOf(1, 'a')))).kind).toBe(kind);
    expect(seen.map(({ headers }) => headers['x-amz-target'])).toEqual([
      'AmazonSSM.GetParameter',
      'AmazonSSM.GetParameter',
    ]);
  });
});

// moto 5.2.1 takes a standard value for an advanced parameter.
describe('publications in Parameter Store, once one was long', () => {
  /** Refuses what names no tier, as of a parameter that is an advanced one. */
  const open = async (message: string) => {
    const asked: unknown[] = [];
    const { clients } = await standIn([home], ({ headers, body }, response) => {
      if (headers['x-amz-target'] === 'AmazonSSM.GetParameter') return jsonError(response, 'ParameterNotFound');
      const { Tier } = JSON.parse(body);
      asked.push(Tier);
      if (Tier === 'Advanced') return response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      response.writeHead(400, { 'content-type': 'application/json', 'x-amzn-errortype': 'ValidationException' });
      return response.end(JSON.stringify({ __type: 'ValidationException', message }));
    });
    return { asked, publisher: new SsmPublisher(clients, 'shop') };
  };

  it('keeps the tier of a parameter that cannot become a standard one again', async () => {
    const { asked, publisher } = await open(
      "This parameter uses the advanced-parameter tier. You can't downgrade it to the standard-parameter tier.",
    );

    await publisher.publish(home, listOf(2, 'a'));

    expect(asked).toEqual([undefined, 'Advanced']);
  });

  it('asks for no dearer tier where something else is wrong', async () => {
    const { asked, publisher } = await open('Parameter name: can not be prefixed with "aws"');

    expect((await faultOf(() => publisher.publish(home, listOf(2, 'a')))).kind).toBe('invalid');
    expect(asked).toEqual([undefined]);
  });
});

function describeContract(open: () => Publisher): void {
  let publisher: Publisher;

  beforeEach(() => {
    publisher = open();
  });

  it('has nothing at first', async () => {
    expect(await publisher.readPublication(home, 'web')).toBeNull();
  });

  it('gives what was published last', async () => {
    await publisher.publish(home, listOf(1, 'a', 'b'));
    await publisher.publish(home, { ...listOf(2, 'b'), isReadOnly: true });

    expect(await publisher.readPublication(home, 'web')).toEqual({ ...listOf(2, 'b'), isReadOnly: true });
  });

  it('changes within an epoch', async () => {
    await publisher.publish(home, listOf(2, 'a', 'b'));
    await publisher.publish(home, listOf(2, 'b', 'a'));

    expect(await publisher.readPublication(home, 'web')).toEqual(listOf(2, 'b', 'a'));
  });

  it('never writes an older epoch over a newer one', async () => {
    await publisher.publish(home, listOf(2, 'b'));

    expect((await faultOf(() => publisher.publish(home, listOf(1, 'a')))).kind).toBe('invalid');

    expect(await publisher.readPublication(home, 'web')).toEqual(listOf(2, 'b'));
  });

  it('publishes in the region that is named, and nowhere else', async () => {
    await publisher.publish(home, listOf(1, 'a'));

    expect(await publisher.readPublication(away, 'web')).toBeNull();
  });

  it('keeps services apart', async () => {
    await publisher.publish(home, listOf(1, 'a'));
    await publisher.publish(home, { ...listOf(5, 'b'), service: 'api' });

    expect(await publisher.readPublication(home, 'web')).toEqual(listOf(1, 'a'));
  });
}
