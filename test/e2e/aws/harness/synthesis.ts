import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { functionsOf } from '../../../../src/config/functions.ts';
import { functionName, stateTableName, topicName } from '../../../../src/config/names.ts';
import { type Deployment, serviceOf } from '../../../../src/core/deployment.ts';
import { dnsTree } from '../../../../src/core/dns-tree.ts';

export async function synthesize(deployment: Deployment, folder: string): Promise<void> {
  const artifacts: Record<string, unknown> = {};
  const root = join(import.meta.dirname, '../../../..');
  for (const region of deployment.controlRegions) {
    const Resources: Record<string, unknown> = {
      Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: stateTableName(deployment.name), AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }], KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }] } },
      Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: topicName(deployment.name) } },
    };
    for (const kind of functionsOf(deployment, region)) {
      const asset = join(folder, `asset.${region}${kind}`);
      mkdirSync(asset, { recursive: true });
      cpSync(join(root, 'dist/lambda', kind), asset, { recursive: true });
      writeFileSync(join(asset, 'deployment.json'), JSON.stringify(deployment));
      Resources[`${kind}Role`] = { Type: 'AWS::IAM::Role', Properties: {} };
      Resources[`${kind}Fn`] = { Type: 'AWS::Lambda::Function', Properties: { FunctionName: functionName(deployment.name, kind), Handler: 'index.handler', Timeout: kind === 'watcher' ? 180 : 10, Role: { 'Fn::GetAtt': [`${kind}Role`, 'Arn'] }, Code: { S3Key: `${region}${kind}.zip` }, Environment: { Variables: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', POWERTOOLS_SERVICE_NAME: deployment.name, POWERTOOLS_METRICS_NAMESPACE: 'CdkFailover', POWERTOOLS_LOG_LEVEL: 'INFO', ...(kind === 'notify' ? { TOPIC_ARN: { Ref: 'Topic' } } : {}) } } } };
      if (kind === 'oracle') Resources.Url = { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: { 'Fn::GetAtt': ['oracleFn', 'Arn'] } } };
    }
    writeFileSync(join(folder, `${region}.template.json`), JSON.stringify({ Resources }));
    artifacts[region] = { type: 'aws:cloudformation:stack', environment: `aws://unknown-account/${region}`, properties: { templateFile: `${region}.template.json` } };
  }
  const Resources: Record<string, unknown> = {};
  const tree: any = dnsTree(deployment, serviceOf(deployment, 'web'));
  const idOf = (id: string) => id.replace(/[^a-z0-9]/gi, '');
  for (const c of tree.checks) Resources[idOf(c.id)] = { Type: 'AWS::Route53::HealthCheck', Properties: { HealthCheckConfig: c.kind === 'oracle' ? { Type: 'HTTPS', FullyQualifiedDomainName: { 'Fn::GetAtt': ['Hosts', c.region] }, ResourcePath: c.path, FailureThreshold: 1 } : { Type: 'CALCULATED', ChildHealthChecks: c.children.map((x: string) => ({ 'Fn::GetAtt': [idOf(x), 'HealthCheckId'] })), HealthThreshold: c.threshold, Inverted: c.isInverted } } };
  for (const [i, r] of tree.records.entries()) Resources[`R${i}`] = { Type: 'AWS::Route53::RecordSet', Properties: { Name: r.name, Type: r.type, SetIdentifier: r.setIdentifier, Failover: r.failover, ...(r.checkId ? { HealthCheckId: { Ref: idOf(r.checkId) } } : {}), ...(r.target.kind === 'values' ? { TTL: '1', ResourceRecords: r.target.values } : { AliasTarget: { DNSName: r.target.name } }) } };
  writeFileSync(join(folder, 'records.template.json'), JSON.stringify({ Resources }));
  artifacts.records = { type: 'aws:cloudformation:stack', environment: 'aws://unknown-account/us-east-1', properties: { templateFile: 'records.template.json' } };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ artifacts }));
}
