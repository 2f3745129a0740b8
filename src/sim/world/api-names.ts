import type { Calls } from '../../core/calls.ts';
import type { AwsProbe } from '../../core/model/probe.ts';
import { identifyTableApi, metricsApi, oracleApi, proberApi, takeRoleApi } from './api-call.ts';
import { simKinds } from './kinds/kinds.ts';
import { surveyApis } from './probes/surveys.ts';

/** The API that each call of the core stands for; those of the kinds say it themselves, and `log` reaches none. */
export const callApis = {
  prepare: 'dynamodb:UpdateItem',
  accept: 'dynamodb:UpdateItem',
  readTable: 'dynamodb:BatchGetItem',
  writeOpinions: 'dynamodb:UpdateItem',
  claimToken: 'dynamodb:UpdateItem',
  readClaim: 'dynamodb:GetItem',
  invoke: 'lambda:Invoke',
  survey: 'lambda:Invoke',
  resolve: 'dns:Query',
  checkSelf: 'self:Check',
  export: 'otlp:Export',
  notify: 'sns:Publish',
  probe: proberApi,
} as const satisfies Readonly<Record<Exclude<keyof Calls, `read:${string}` | `write:${string}` | 'log'>, string>>;

/** The service of AWS that answers a probe of each type that one answers. */
export const probeServices: Readonly<Record<AwsProbe['type'], string>> = {
  'cloudwatch-alarm': 'cloudwatch',
  'cloudwatch-metric': 'cloudwatch',
  function: 'lambda',
};

/** Every API of the simulated world, in order: what a fault or a count of a scenario can be about. */
export const worldApis: readonly string[] = [
  ...new Set([
    ...Object.values(callApis),
    takeRoleApi,
    identifyTableApi,
    oracleApi,
    metricsApi,
    ...surveyApis,
    ...Object.values(simKinds).flatMap(({ apis }) => apis.flatMap(({ read, write }) => [read, write])),
  ]),
].sort();

/** Every service of AWS that can be cut off, in order. */
export const worldServices: readonly string[] = [
  ...new Set([...worldApis.map((api) => api.split(':')[0] ?? api), ...Object.values(probeServices)]),
].sort();
