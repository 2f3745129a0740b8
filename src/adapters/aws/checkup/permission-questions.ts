import { ownAccount, partition } from '../../../config/plan/permissions/arn.ts';
import { filledStatements, type Statement } from '../../../config/plan/permissions/statement.ts';

/** A question to IAM's simulator: may a role do all of these actions to all of these resources, in this request? */
export interface PermissionQuestion {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Keys of the request that conditions look at. */
  readonly context: readonly ContextValue[];
}

/** A key of a request, with its type as IAM's simulator names it; a list, where the key may have many values. */
export interface ContextValue {
  readonly key: string;
  readonly values: readonly string[];
  readonly type: 'string' | 'stringList' | 'boolean';
}

/** Whose things the statements are about. */
export interface Owner {
  readonly partition: string;
  readonly account: string;
  /** Region of the function, for what names none. */
  readonly region: string;
  /** In place of any region. */
  readonly controlRegions: readonly string[];
}

/** Stands where a policy takes anything. */
const anything = 'failover-doctor';

/**
 * What IAM has to be asked for each statement, so that it is allowed as long as the statement stands. A pattern becomes
 * one thing that it matches: the simulator compares text, and a `*` in a question would match only a `*`.
 */
export function questionsOf(statements: readonly Statement[], owner: Owner): readonly PermissionQuestion[] {
  const fill = (text: string) => text.replaceAll(partition, owner.partition).replaceAll(ownAccount, owner.account);
  return filledStatements(statements, fill).flatMap(({ actions, resources, conditions }) => {
    const given = contextOf(conditions);
    const concrete = resources.flatMap((resource) => concreteResources(resource, owner.controlRegions));
    const regions = [...new Set(concrete.map((resource) => regionOf(resource, owner)))];
    return regions.map((region) => ({
      actions,
      resources: concrete.filter((resource) => regionOf(resource, owner) === region),
      context: given.some(({ key }) => key === requestedRegion) ? given : [...given, single(requestedRegion, region)],
    }));
  });
}

/** What many boundaries and policies of organizations ask for. Source: IAM User Guide, "Global condition keys". */
const requestedRegion = 'aws:RequestedRegion';

/** Where services are asked that have no regions. Source: AWS General Reference, their endpoints. */
const globalRegions: Readonly<Record<string, string>> = {
  cloudfront: 'us-east-1',
  globalaccelerator: 'us-west-2',
  route53: 'us-east-1',
};

function regionOf(resource: string, { region }: Owner): string {
  const [, , service = '', named] = resource.split(':');
  return named || (globalRegions[service] ?? region);
}

function concreteResources(resource: string, regions: readonly string[]): readonly string[] {
  if (resource === '*') return [resource];
  const parts = resource.split(':');
  const named = parts[3] === '*' ? regions.map((region) => parts.with(3, region)) : [parts];
  return named.map((one) => concrete(one.join(':')));
}

function concrete(pattern: string): string {
  return pattern.replaceAll('*', anything).replaceAll('?', 'x');
}

/**
 * A request that these conditions let pass. A set operator takes all values at once; any other one has one value, and
 * the first is as good as each. `Null` says only that a key is there, which another operator gives. The type of a value
 * is that of its operator. Sources: IAM API Reference, "ContextEntry"; AWS CLI, examples of `simulate-custom-policy`.
 */
function contextOf(conditions: Statement['conditions'] = {}): readonly ContextValue[] {
  return Object.entries(conditions).flatMap(([operator, keys]) =>
    operator === 'Null'
      ? []
      : Object.entries(keys).map(([key, value]) => {
          const values = (typeof value === 'string' ? [value] : value).map(concrete);
          return operator.startsWith('ForAllValues:')
            ? { key, values, type: 'stringList' }
            : { ...single(key, values[0] ?? anything), ...(operator.startsWith('Bool') ? { type: 'boolean' } : {}) };
        }),
  );
}

function single(key: string, value: string): ContextValue {
  return { key, values: [value], type: 'string' };
}
