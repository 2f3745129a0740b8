import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { LambdaInvoker } from '../../src/adapters/aws/lambda/lambda-invoker.ts';
import { LambdaSurveyor } from '../../src/adapters/aws/lambda/lambda-surveyor.ts';
import { SsmPublisher } from '../../src/adapters/aws/publish.ts';
import { DynamoDbStateTables } from '../../src/adapters/aws/tables/dynamodb-state-tables.ts';
import { stateTableSchema } from '../../src/adapters/aws/tables/state-table-schema.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { systemRng } from '../../src/adapters/system/rng.ts';
import type { Publication } from '../../src/core/kinds/publication.ts';
import { makeBallot } from '../../src/core/register/ballot.ts';
import { genesis } from '../../src/core/register/register.ts';
import { claimOf } from '../support/claim.ts';
import { describeOnMoto } from '../support/on-moto.ts';
import { standIn } from '../support/stand-in.ts';

const home = 'us-east-1';
const away = 'us-west-2';
/** One name begins with the other, and both deployments have a service of the same name. */
const names = ['shop', 'shop-eu'] as const;
const service = 'web';

// Names of everything else, and what roles may reach of another deployment, are held by the tests of the templates
// and by the permissions that the end-to-end suites ask about.
describeOnMoto('two deployments in one account and the same regions, by moto', [home, away], (clients) => {
  it('keep registers, claims and opinions apart', async () => {
    const [own, other] = await Promise.all(
      names.map(async (name) => {
        for (const region of [home, away]) {
          await clients()
            .of(DynamoDBClient, region)
            .send(new CreateTableCommand(stateTableSchema(name)));
        }
        return new DynamoDbStateTables({ clients: clients(), deployment: name, rng: systemRng, clock: systemClock });
      }),
    );
    if (!own || !other) expect.unreachable('there are two');
    const before = await other.read(home, [service]);
    const ballot = makeBallot(1, home);

    await own.prepare(home, service, ballot);
    await own.accept(home, service, ballot, { ...genesis('oregon'), epoch: 7 });
    await own.claimToken(home, service, claimOf({ epoch: 7, attempt: 1 }));
    const word = {
      generation: 3,
      invocation: 'a',
      sequence: 1,
      wallMs: 0,
      tracks: {},
      stopwatches: {},
      outOfContactMs: {},
      digests: {},
    };
    await own.writeOpinions(home, word);

    expect((await own.read(home, [service])).acceptors[service]?.accepted?.epoch).toBe(7);
    expect(await other.read(home, [service])).toEqual(before);
    const older = { epoch: 1, attempt: 1 };
    expect(await other.claimToken(home, service, claimOf(older))).toEqual({ isGranted: true, claimed: older });
    expect(await own.claimToken(home, service, claimOf(older))).toMatchObject({ isGranted: false });
    expect(await other.writeOpinions(home, { ...word, generation: 1 })).toEqual({ isSuperseded: false });
  });

  it('tell their own inside clients', async () => {
    const [own, other] = names.map((name) => new SsmPublisher(clients(), name));
    if (!own || !other) expect.unreachable('there are two');
    const listOf = (epoch: number, site: string): Publication => ({
      service,
      epoch,
      endpoints: [{ site, url: `https://${site}.example` }],
      isReadOnly: false,
    });

    await own.publish(home, listOf(9, 'oregon'));
    expect(await other.readPublication(home, service)).toBeNull();
    // A newer epoch would refuse it, were it of the same deployment.
    await other.publish(home, listOf(1, 'virginia'));

    expect(await own.readPublication(home, service)).toEqual(listOf(9, 'oregon'));
    expect(await other.readPublication(home, service)).toEqual(listOf(1, 'virginia'));
  });
});

describe('two deployments in one account and the same regions', () => {
  it('call their own functions', async () => {
    const paths: string[] = [];
    const { clients } = await standIn([home], ({ path }, response) => {
      paths.push(path);
      response.end('{"outcome":"as-ordered","hasWritten":false,"findings":[]}');
    });
    const order = { service, token: { epoch: 1, attempt: 1 }, manner: 'repair', digests: {} } as const;

    for (const name of names) {
      await new LambdaInvoker(clients, name).invoke(home, { ...order, kind: 'targets', listener: 0, weights: {} });
      await new LambdaSurveyor(clients, name).survey(home, { service, site: 'left', isFenceOwed: false });
    }

    const called = paths.map((path) => /functions\/([^/]+)\/invocations/.exec(path)?.[1]);
    expect(called).toEqual(names.flatMap((name) => [`${name}-failover-targets`, `${name}-failover-survey`]));
  });
});
