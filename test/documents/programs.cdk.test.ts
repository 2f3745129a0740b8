import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { App } from 'aws-cdk-lib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { openFindings } from '../../src/config/lint/lint.ts';
import { parseDeploymentValue } from '../../src/config/loader.ts';
import { plain, type Resource, stubBundles, type Template } from '../cdk/synthesized.ts';
import { shop } from '../unit/config/shop.fixture.ts';
import { blocksIn, documents } from './document.fixture.ts';

const root = join(import.meta.dirname, '../..');
/** Below the repository, so that programs there find its packages. */
const folder = join(root, 'out', 'documents');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const blocks = documents.flatMap(({ file, text }) => blocksIn(text).map((block) => ({ file, ...block })));

/** Programs of documents that are whole: they make an app. */
const programs = blocks
  .filter(({ language, text }) => language === 'ts' && text.includes('new App()'))
  .map((block, index) => ({ ...block, name: `${block.file} (${index})`, index }));

/** What a program imports as `cdk-failover`: the same, with functions that hold next to nothing. */
function shim(): string {
  const bundleFolder = JSON.stringify(stubBundles());
  const made = ['FailoverRegion', 'FailoverRecords', 'FailoverRegionStack', 'FailoverRecordsStack'];
  return [
    `export * from '${root}/lib/cdk-failover.ts';`,
    `import * as real from '${root}/lib/cdk-failover.ts';`,
    ...made.map(
      (name) =>
        `export class ${name} extends real.${name} { constructor(scope, id, props) { super(scope, id, { bundleFolder: ${bundleFolder}, ...props }); } }`,
    ),
    `export const failoverStacks = (app, deployment) => real.failoverStacks(app, deployment, ${bundleFolder});`,
    `export const readDeployment = () => real.readDeployment('${root}/examples/two-regions/failover.config.yaml');`,
    '',
  ].join('\n');
}

/** Runs a program as it stands in the document, and gives the resources of the app that it makes. */
async function synthesize({ text, index }: { readonly text: string; readonly index: number }) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'cdk-failover.ts'), shim());
  const file = join(folder, `program-${index}.ts`);
  const options = `{ outdir: ${JSON.stringify(join(folder, `out-${index}`))}, analyticsReporting: false }`;
  writeFileSync(
    file,
    text
      .replace("'cdk-failover'", "'./cdk-failover.ts'")
      .replace('const app = new App();', `export const app = new App(${options});`),
  );
  // Without the CDK's own look at the templates, which another test takes.
  vi.stubEnv('CDK_VALIDATION', 'false');
  try {
    const { app }: { readonly app: App } = await import(pathToFileURL(file).href);
    const templates = app.synth().stacks.map(({ template }) => template as Template);
    return templates.flatMap(({ Resources }) => Object.values(Resources));
  } finally {
    vi.unstubAllEnvs();
  }
}

const synthesized = new Map<number, readonly Resource[]>();
beforeAll(async () => {
  for (const program of programs) synthesized.set(program.index, await synthesize(program));
});

const ofType = (resources: readonly Resource[], type: string) => resources.filter(({ Type }) => Type === type);

test('documents have programs', () => {
  expect(programs.length).toBeGreaterThanOrEqual(4);
});

test.each(programs)('the program of $name synthesizes', ({ index }) => {
  expect(synthesized.get(index)?.length).toBeGreaterThan(1);
});

describe('docs/help/who-is-told.md', () => {
  const programOf = (part: string) => {
    const program = programs.find(({ file, text }) => file === 'docs/help/who-is-told.md' && text.includes(part));
    return synthesized.get(program?.index ?? -1) ?? [];
  };

  test('PagerDuty is subscribed to the topic of each control region, for alarms of CloudWatch alone', () => {
    const subscriptions = ofType(programOf('pagerduty-cloudwatch'), 'AWS::SNS::Subscription').filter(
      ({ Properties }) => Properties.Protocol === 'https',
    );

    expect(subscriptions).toHaveLength(3);
    for (const { Properties } of subscriptions) {
      expect(Properties).toMatchObject({
        Endpoint: '{{resolve:secretsmanager:shop/pagerduty-cloudwatch:SecretString:::}}',
        FilterPolicy: { AlarmName: [{ exists: true }] },
        FilterPolicyScope: 'MessageBody',
      });
    }
  });

  test('Slack hears the topics that the regions make', () => {
    const resources = programOf('SlackChannelConfiguration');

    const [channel] = ofType(resources, 'AWS::Chatbot::SlackChannelConfiguration');
    const made = ofType(resources, 'AWS::SNS::Topic').map(({ Properties }) => Properties.TopicName);
    expect(made).toEqual(['shop-failover', 'shop-failover', 'shop-failover']);
    expect(plain(channel?.Properties.SnsTopicArns)).toEqual(
      ['us-east-1', 'us-west-2', 'us-east-2'].map((region) => `arn:aws:sns:${region}:111122223333:shop-failover`),
    );
  });

  test('a telephone is sent what is critical of one service', () => {
    const subscriptions = ofType(programOf('SmsSubscription'), 'AWS::SNS::Subscription');

    expect(subscriptions.map(({ Properties }) => Properties.FilterPolicy)).toEqual(
      ['us-east-1', 'us-west-2'].map(() => ({ severity: ['critical'], service: ['web'] })),
    );
  });
});

/** What documents show below `notify` or `telemetry`, alone. */
const parts = blocks
  .filter(({ language, text }) => language === 'yaml' && /^(notify|telemetry):/.test(text))
  .map((block, index) => ({ ...block, name: `${block.file} (${index})` }));

test('documents show who is told', () => {
  expect(parts.length).toBeGreaterThanOrEqual(6);
});

const findingsOfTelling = [
  'alarms-unheard',
  'told-in-one-region',
  'nobody-told',
  'secret-in-url',
  'telemetry-to-itself',
];

test.each(parts)('what $name shows is valid, and everybody is heard', ({ file, text }) => {
  const deployment = parseDeploymentValue({ ...shop, notify: { emails: ['a@shop.example'] }, ...parse(text) }, file);

  const findings = openFindings(deployment).map(({ name }) => name);

  expect(findings.filter((name) => findingsOfTelling.includes(name))).toEqual([]);
});

test('somebody who is not heard is found', () => {
  const deployment = parseDeploymentValue(
    { ...shop, notify: { webhooks: [{ format: 'slack', url: { secret: 'shop/slack' } }] } },
    'a test',
  );

  const findings = openFindings(deployment).map(({ name }) => name);

  expect(findings.filter((name) => findingsOfTelling.includes(name))).toEqual(['alarms-unheard']);
});
