import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { failoverApp } from '../../lib/failover-app.ts';
import { parseDocument } from '../../src/config/document.ts';
import { parseDeployment, parseDeploymentValue } from '../../src/config/loader.ts';
import { functionKinds } from '../../src/config/plan/names.ts';
import type { Deployment } from '../../src/core/model/deployment.ts';
import { applyOverrides, type Overrides } from '../../src/scenario/overrides.ts';

/** A resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** A synthesized stack. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

/** A folder of its own below the machine's temporary one. */
export function freshFolder(purpose: string): string {
  return mkdtempSync(join(tmpdir(), `cdk-failover-${purpose}-`));
}

/** Bundles that hold next to nothing, so that templates do not depend on what was built. */
export function stubBundles(version = ''): string {
  const folder = freshFolder('bundles');
  for (const kind of functionKinds) {
    mkdirSync(join(folder, kind));
    writeFileSync(join(folder, kind, 'index.mjs'), `export const handler = () => '${kind}${version}';\n`);
  }
  return folder;
}

/** The configuration of an example, with parts replaced. */
export function exampleDeployment(name: string, overrides: Overrides = {}): Deployment {
  const path = `examples/${name}/failover.config.yaml`;
  const text = readFileSync(path, 'utf8');
  if (Object.keys(overrides).length === 0) return parseDeployment(text, path);
  return parseDeploymentValue(applyOverrides(parseDocument(text, path).value, overrides), path);
}

/** The account of the credentials, where a deployment names none. */
const ownAccount = '111122223333';

/** A stack, and where it is deployed. */
export interface StackOf {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly template: Template;
}

/** The stacks of a deployment by name; without the CDK's own look at the templates, which one test takes for all. */
export function templatesOf(deployment: Deployment, bundleFolder: string): Readonly<Record<string, Template>> {
  return Object.fromEntries(stacksOf(deployment, bundleFolder).map(({ name, template }) => [name, template]));
}

/** The stacks of a deployment, each with its place; as {@link templatesOf} makes them. */
export function stacksOf(deployment: Deployment, bundleFolder: string): readonly StackOf[] {
  vi.stubEnv('CDK_VALIDATION', 'false');
  try {
    const app = failoverApp(deployment, { bundleFolder, outdir: freshFolder('out'), analyticsReporting: false });
    return app.synth().stacks.map(({ stackName, environment: { account, region }, template }) => ({
      name: stackName,
      account: account === 'unknown-account' ? ownAccount : account,
      region,
      template: template as Template,
    }));
  } finally {
    vi.unstubAllEnvs();
  }
}

/** Properties of all resources of a type. */
export function propertiesOf(
  template: Template | undefined,
  type: string,
): readonly Readonly<Record<string, unknown>>[] {
  return resourcesOf(template, type).map(([, { Properties }]) => Properties);
}

/** Resources of a type, with their logical ids. */
export function resourcesOf(template: Template | undefined, type: string): readonly (readonly [string, Resource])[] {
  return Object.entries(template?.Resources ?? {}).filter(([, { Type }]) => Type === type);
}

/** A value of a template as it would be in AWS: joined, in account 111122223333; references become `<logical id>`. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (first !== undefined && entries.length === 1) {
    const [key, inner] = first;
    if (key === 'Ref') return pseudo[String(inner)] ?? `<${String(inner)}>`;
    if (key === 'Fn::GetAtt' && Array.isArray(inner)) return `<${inner.join('.')}>`;
    if (key === 'Fn::Join' && Array.isArray(inner))
      return (plain(inner[1]) as readonly string[]).join(String(inner[0]));
  }
  return Object.fromEntries(entries.map(([key, inner]) => [key, plain(inner)]));
}

const pseudo: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::AccountId': ownAccount,
  'AWS::Region': 'REGION',
  'AWS::URLSuffix': 'amazonaws.com',
};
