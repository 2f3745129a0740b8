import { beforeAll, describe, expect, it } from 'vitest';
import {
  endpointsParameter,
  functionKinds,
  functionName,
  oracleHostParameter,
  stateTableName,
  topicName,
} from '../../src/config/plan/names.ts';
import { everything } from './everything.fixture.ts';
import { plain, propertiesOf, stubBundles, type Template, templatesOf } from './synthesized.ts';

/** Properties that name a thing within its account and region. */
const namingProperties = [
  'AlarmName',
  'DashboardName',
  'FunctionName',
  'LogGroupName',
  'Name',
  'RoleName',
  'TableName',
  'TopicName',
];
/** They repeat names that others have: of a function, or of a record that the user owns. */
const unnamedTypes = ['AWS::Lambda::EventInvokeConfig', 'AWS::Lambda::Permission', 'AWS::Route53::RecordSet'];
/** One name begins with the other; nothing else differs. */
const otherName = `${everything.name}-eu`;

describe('two deployments in one account and the same regions', () => {
  let own: readonly Template[];
  let other: readonly Template[];
  beforeAll(() => {
    const bundles = stubBundles();
    own = Object.values(templatesOf(everything, bundles));
    other = Object.values(templatesOf({ ...everything, name: otherName }, bundles));
  });

  it('make nothing of the same name', () => {
    const [mine, theirs] = [own.flatMap(namesIn), other.flatMap(namesIn)];

    expect(mine.length).toBeGreaterThan(100);
    expect(mine.filter((name) => theirs.includes(name))).toEqual([]);
  });

  it('may touch nothing that the other one makes', () => {
    const allowed = [...new Set(own.flatMap(resourcesAllowed))].filter((pattern) => pattern !== '*');
    const reached = (deployment: string) =>
      thingsMade(deployment).filter((arn) => allowed.some((pattern) => covers(pattern, arn)));

    expect(reached(otherName)).toEqual([]);
    // The same question about what is its own.
    expect(reached(everything.name).length).toBeGreaterThan(20);
  });
});

function namesIn({ Resources }: Template): readonly string[] {
  return Object.values(Resources)
    .filter(({ Type }) => !unnamedTypes.includes(Type))
    .flatMap(({ Type, Properties }) =>
      namingProperties.flatMap((property) => {
        const name = Properties?.[property];
        return typeof name === 'string' ? [`${Type} ${name}`] : [];
      }),
    );
}

/** Resources of every statement of every role, as patterns. */
function resourcesAllowed(template: Template): readonly string[] {
  const inRoles = propertiesOf(template, 'AWS::IAM::Role').flatMap(
    ({ Policies = [] }) => Policies as readonly Policy[],
  );
  const attached = propertiesOf(template, 'AWS::IAM::Policy') as unknown as readonly Policy[];
  return [...inRoles, ...attached].flatMap(({ PolicyDocument }) =>
    PolicyDocument.Statement.flatMap(({ Resource }) => [plain(Resource)].flat().map(String)),
  );
}

interface Policy {
  readonly PolicyDocument: { readonly Statement: readonly { readonly Resource: unknown }[] };
}

function thingsMade(deployment: string): readonly string[] {
  return everything.controlRegions.flatMap((region) => {
    const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:111122223333:${resource}`;
    return [
      arn('dynamodb', `table/${stateTableName(deployment)}`),
      arn('sns', topicName(deployment)),
      arn('ssm', `parameter${oracleHostParameter(deployment)}`),
      ...Object.keys(everything.services).map((one) => arn('ssm', `parameter${endpointsParameter(deployment, one)}`)),
      ...functionKinds.map((kind) => arn('lambda', `function:${functionName(deployment, kind)}`)),
    ];
  });
}

function covers(pattern: string, arn: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(arn);
}
