import { AwsClients } from '../../adapters/aws/clients.ts';
import { Experiments } from '../../adapters/aws/gameday/experiments.ts';
import { LambdaInvoker } from '../../adapters/aws/lambda/lambda-invoker.ts';
import { AlarmStates } from '../../adapters/aws/probe/alarm-states.ts';
import { createResolve } from '../../adapters/net/resolver.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { connectToAws } from '../operator/aws-target.ts';
import { shortestTtlMs } from '../operator/table-looks.ts';
import { type Ground, proberOf, warmUpMsMax } from './ground.ts';

/** Time between two looks at the tables: a watcher's default tick. */
const awsSliceMs = 2_000;
/** Looks within the time for which an opinion counts. */
const looksPerTtl = 3;
/** Pause between two requests to sites of a real service: few beside what its clients send. Source: our own. */
const awsAskEveryMs = 500;
/** Deadline of a call to a function or to FIS: a cold function that reads a slow API. Source: our own. */
const functionMsMax = 15_000;

/**
 * The ground of a deployment on AWS.
 *
 * @throws {FailoverError} as `connectToAws`
 */
export async function awsGround(file: string, signal: AbortSignal): Promise<Ground> {
  const target = await connectToAws(file, signal);
  const clients = new AwsClients({ callDeadlineMs: functionMsMax });
  const { deployment, ports } = target;
  const invoker = new LambdaInvoker(clients, deployment.name);
  return {
    target,
    asking: {
      ...ports,
      handlers: { ...ports.handlers, invoke: ({ region, order }) => invoker.invoke(region, order) },
    },
    resolve: createResolve(),
    nameServer: null,
    askEveryMs: awsAskEveryMs,
    warmUpMsMax,
    sliceMs: Math.min(awsSliceMs, shortestTtlMs(deployment) / looksPerTtl),
    aws: {
      experiments: (region) => new Experiments(clients, region),
      alarms: (alarms) => new AlarmStates(clients, systemClock, alarms),
    },
    probe: proberOf(deployment),
    close: () => {
      target.close();
      clients.close();
    },
  };
}
