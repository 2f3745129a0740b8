import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Intrinsics, type Resource, type Template } from './intrinsics.ts';

/** Everything that a template says of one function. */
export interface FunctionSpec {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  /** Folder of its asset in the assembly. */
  readonly codeFolder: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly reservedConcurrency: number | null;
  /** Subnets that it runs in; none: in no network of the account. */
  readonly subnetIds: readonly string[];
  /** How long an asynchronous event may wait for a free environment. */
  readonly eventAgeSeconds: number;
  /** Who may ask it by a URL; null where it has none. */
  readonly urlAuth: 'NONE' | 'AWS_IAM' | null;
  /** Name of its role, by which roles of other accounts know it. */
  readonly roleName: string;
  /** Documents of its role's policies. */
  readonly policies: readonly PolicyDocument[];
}

/** A role that functions of another account take. */
export interface RoleSpec {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  /** Who may take it. */
  readonly trust: PolicyDocument;
  readonly policies: readonly PolicyDocument[];
}

/** An IAM policy, as the simulator takes it. */
export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: readonly Readonly<Record<string, unknown>>[];
}

/** One synthesized stack. */
export interface Stack {
  readonly name: string;
  readonly region: string;
  readonly template: Template;
  readonly intrinsics: Intrinsics;
  /** Custom resources are served by frameworks of CDK's own; they are not ours to run. */
  readonly functions: readonly FunctionSpec[];
  /** Roles that are there for functions of another account. */
  readonly roles: readonly RoleSpec[];
}

/** Age that Lambda gives an asynchronous event unless told otherwise. */
const eventAgeSecondsDefault = 21_600;

/**
 * Reads every stack of an assembly, those of stages included.
 *
 * @param account - where a stack does not say another one
 */
export function readAssembly(folder: string, account: string): readonly Stack[] {
  const manifest = readJson(join(folder, 'manifest.json')) as {
    readonly artifacts: Readonly<Record<string, Artifact>>;
  };
  return Object.entries(manifest.artifacts).flatMap(([name, artifact]) => {
    if (artifact.type === 'cdk:cloud-assembly') {
      return readAssembly(join(folder, String(artifact.properties.directoryName)), account);
    }
    if (artifact.type !== 'aws:cloudformation:stack') return [];
    const [, , named = '', region = ''] = artifact.environment?.split('/') ?? [];
    const its = /^\d{12}$/.test(named) ? named : account;
    const template = readJson(join(folder, String(artifact.properties.templateFile))) as Template;
    const intrinsics = new Intrinsics(template, { account: its, region });
    const around = { template, intrinsics, region };
    const functions = Object.entries(template.Resources)
      .filter(([, { Type, Properties }]) => Type === 'AWS::Lambda::Function' && Properties?.FunctionName !== undefined)
      .map(([logicalId, resource]) => readFunction(folder, around, logicalId, resource));
    const roles = its === account ? [] : rolesIn(around, its);
    return [{ name, region, template, intrinsics, functions, roles }];
  });
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

interface TimingProfile {
  readonly template: Template;
  readonly intrinsics: Intrinsics;
  readonly region: string;
}

function readFunction(folder: string, around: TimingProfile, logicalId: string, resource: Resource): FunctionSpec {
  const { template, intrinsics, region } = around;
  const properties = intrinsics.resolve(resource.Properties) as {
    readonly Code: { readonly S3Key: string };
    readonly Handler: string;
    readonly Environment?: { readonly Variables: Readonly<Record<string, string>> };
    readonly Timeout?: number;
    readonly MemorySize?: number;
    readonly ReservedConcurrentExecutions?: number;
    readonly VpcConfig?: { readonly SubnetIds: readonly string[] };
  };
  const resources = Object.values(template.Resources);
  const isOurs = (each: Resource, key: string) => refersTo(each.Properties?.[key], logicalId);
  const config = resources.find(
    (each) => each.Type === 'AWS::Lambda::EventInvokeConfig' && isOurs(each, 'FunctionName'),
  );
  const url = resources.find((each) => each.Type === 'AWS::Lambda::Url' && isOurs(each, 'TargetFunctionArn'));
  const age = config?.Properties?.MaximumEventAgeInSeconds;
  return {
    name: intrinsics.nameOf(logicalId),
    arn: intrinsics.arnOf(logicalId),
    region,
    codeFolder: assetFolder(folder, properties.Code.S3Key),
    handler: properties.Handler,
    environment: properties.Environment?.Variables ?? {},
    timeoutSeconds: properties.Timeout ?? 3,
    memoryMb: properties.MemorySize ?? 128,
    reservedConcurrency: properties.ReservedConcurrentExecutions ?? null,
    subnetIds: properties.VpcConfig?.SubnetIds ?? [],
    eventAgeSeconds: typeof age === 'number' ? age : eventAgeSecondsDefault,
    urlAuth: url === undefined ? null : url.Properties?.AuthType === 'AWS_IAM' ? 'AWS_IAM' : 'NONE',
    roleName: intrinsics.nameOf(roleIdOf(resource)),
    policies: policiesOf(around, roleIdOf(resource)),
  };
}

function rolesIn(around: TimingProfile, account: string): readonly RoleSpec[] {
  const { template, intrinsics } = around;
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === 'AWS::IAM::Role')
    .map(([roleId, { Properties }]) => ({
      name: intrinsics.nameOf(roleId),
      arn: intrinsics.arnOf(roleId),
      account,
      trust: intrinsics.resolve(Properties?.AssumeRolePolicyDocument) as PolicyDocument,
      policies: policiesOf(around, roleId),
    }));
}

function roleIdOf(lambda: Resource): string {
  const role = lambda.Properties?.Role as { readonly 'Fn::GetAtt'?: readonly string[] } | undefined;
  const roleId = role?.['Fn::GetAtt']?.[0];
  if (roleId === undefined) throw new Error('a function without a role of its own');
  return roleId;
}

/** Policies of a role: those in it and those attached to it. */
function policiesOf({ template, intrinsics }: TimingProfile, roleId: string): readonly PolicyDocument[] {
  const inline = (template.Resources[roleId]?.Properties?.Policies ?? []) as readonly { PolicyDocument: unknown }[];
  const attached = Object.values(template.Resources).filter(
    ({ Type, Properties }) => Type === 'AWS::IAM::Policy' && refersTo(Properties?.Roles, roleId),
  );
  return [
    ...inline.map(({ PolicyDocument }) => PolicyDocument),
    ...attached.map(({ Properties }) => Properties?.PolicyDocument),
  ].map((document) => intrinsics.resolve(document) as PolicyDocument);
}

function refersTo(value: unknown, logicalId: string): boolean {
  return JSON.stringify(value ?? null).includes(`"${logicalId}"`);
}

function assetFolder(folder: string, s3Key: string): string {
  const hash = s3Key.replace(/\.zip$/, '');
  const found = readdirSync(folder).find((name) => name === `asset.${hash}`);
  if (found) return join(folder, found);
  const manifests = readdirSync(folder).filter((name) => name.endsWith('.assets.json'));
  for (const name of manifests) {
    const { files } = readJson(join(folder, name)) as {
      readonly files: Readonly<Record<string, { readonly source: { readonly path: string } }>>;
    };
    const path = files[hash]?.source.path;
    if (path !== undefined) return join(folder, path);
  }
  throw new Error(`the assembly has no asset ${hash}`);
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
