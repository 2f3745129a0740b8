/**
 * What a CDK app imports: `import { defineDeployment, FailoverRegion } from 'cdk-failover'`. docs/constructs.md shows
 * how.
 *
 * @module cdk-failover
 */
// The one file that only re-exports: the package has one entry, and nothing in it imports this.
export { ConfigError, type Finding } from '../src/config/config-error.ts';
export type { DataInput } from '../src/config/input/data.ts';
export type { DeploymentInput, SiteNames } from '../src/config/input/deployment.ts';
export type { DetectionInput } from '../src/config/input/detection.ts';
export type { DnsInput } from '../src/config/input/dns.ts';
export type { FailoverInput } from '../src/config/input/failover.ts';
export type { FenceInput } from '../src/config/input/fence.ts';
export type { MeasuresInput } from '../src/config/input/measures.ts';
export type { ProbeInput } from '../src/config/input/probe.ts';
export type { ScaleInput } from '../src/config/input/scale.ts';
export type { ServiceInput } from '../src/config/input/service.ts';
export type { SiteInput } from '../src/config/input/site.ts';
export type { TrafficInput } from '../src/config/input/traffic.ts';
export { defineDeployment, parseDeployment } from '../src/config/loader.ts';
export type { ErrorCode } from '../src/core/errors.ts';
export type { Deployment } from '../src/core/model/deployment.ts';
export { FailoverAccount, type FailoverAccountProps } from './constructs/failover-account.ts';
export type { FailoverFunction } from './constructs/failover-function.ts';
export { FailoverRecords, type FailoverRecordsProps } from './constructs/failover-records.ts';
export { FailoverRegion, type FailoverRegionProps } from './constructs/failover-region.ts';
export type { NotificationTopic } from './constructs/notification-topic.ts';
export type { RegionAlarms } from './constructs/region-alarms.ts';
export type { StateTable } from './constructs/state-table.ts';
export { type FailoverAppProps, failoverApp, failoverStacks, readDeployment, runFailoverApp } from './failover-app.ts';
export { FailoverAccountStack, type FailoverAccountStackProps } from './stacks/account-stack.ts';
export { FailoverRecordsStack, type FailoverRecordsStackProps } from './stacks/records-stack.ts';
export { FailoverRegionStack, type FailoverRegionStackProps } from './stacks/region-stack.ts';
