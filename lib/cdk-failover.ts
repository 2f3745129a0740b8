/**
 * What another CDK app can import; docs/constructs.md shows how.
 *
 * The one file that only re-exports: the package has one entry, and nothing in it imports this.
 */
export { ConfigError } from '../src/config/config-error.ts';
export type { DeploymentInput, SiteNames } from '../src/config/input/deployment.ts';
export type { ServiceInput } from '../src/config/input/service.ts';
export type { SiteInput } from '../src/config/input/site.ts';
export { defineDeployment, parseDeployment } from '../src/config/loader.ts';
export type { Deployment } from '../src/core/model/deployment.ts';
export { FailoverRecords, type FailoverRecordsProps } from './constructs/failover-records.ts';
export { FailoverRegion, type FailoverRegionProps } from './constructs/failover-region.ts';
export { type FailoverAppProps, failoverApp, failoverStacks, readDeployment, runFailoverApp } from './failover-app.ts';
export { FailoverRecordsStack, type FailoverRecordsStackProps } from './stacks/records-stack.ts';
export { FailoverRegionStack, type FailoverRegionStackProps } from './stacks/region-stack.ts';
