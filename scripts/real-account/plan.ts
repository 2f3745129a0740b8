import { stackNames } from './cleanup.ts';
import type { MeasurementName, Options } from './options.ts';
import { recordOf } from './trial.ts';

/** What each measurement does, and about how long it takes, in minutes. */
const measurements: Readonly<Record<MeasurementName, (options: Options) => readonly [what: string, minutes: number]>> =
  {
    'cold-start': () => ["read the watchers' logs for the start of the first ones", 3],
    'function-url': () => ['ask each oracle 51 times', 1],
    permissions: () => [
      "have IAM evaluate each function's role: what it needs is allowed, what others do is denied",
      5,
    ],
    'health-checks': ({ moves }) => [
      `move the service ${moves} times, and time votes, checkers, name servers and resolvers`,
      Math.ceil(moves * 2.5),
    ],
    'elastic-ip': ({ regions }) => [`run two t4g.nano in ${regions[0]}, point an Elastic IP to and fro 10 times`, 4],
    'drowned-oracle': ({ regions }) => [
      `move, flood the oracle in ${regions[0]} for a minute from here, watch the answers, and move back`,
      5,
    ],
    'dark-oracles': () => [
      "deploy DNS's memory, move, switch all oracles off for ten minutes, watch the answers, and move back",
      30,
    ],
    association: ({ regions }) => [
      `run two more t4g.nano in ${regions[0]}, and have the deployment move their Elastic IP by its own policy`,
      20,
    ],
    'third-site': () => ['add a third site to what runs, watch the answers meanwhile, and move there and back', 25],
    'memory-used': () => ['read from the logs how much memory the watchers used', 1],
    schedule: ({ scheduleMinutes }) => [`watch the schedules for ${scheduleMinutes} minutes`, scheduleMinutes + 1],
  };

/** Deploying and removing, as CloudFormation takes: three regions, one after another, and the records. */
const aroundMinutes = 20;

/** What would be done, line by line. Calls nothing. */
export function planLines(options: Options): readonly string[] {
  const steps = options.only.map((name) => measurements[name](options));
  const minutes = steps.reduce((sum, [, each]) => sum + each, aroundMinutes);
  return [
    `1. check that the credentials are for account ${options.account}; stop if they are not`,
    `2. build, and deploy with the CDK: ${stackNames(options).join(', ')}`,
    `   the record ${recordOf(options)} in zone ${options.zone.id}, its health checks, and nothing else in the zone`,
    ...steps.map(([what, each], index) => `${index + 3}. ${what} (about ${each} min)`),
    `${steps.length + 3}. destroy the stacks; delete the tables and log groups whose names start with ${options.name}-`,
    `${steps.length + 4}. list whatever of that name is left`,
    `about ${minutes} minutes in all; nothing has been done`,
  ];
}
