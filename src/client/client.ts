/**
 * What a service inside the account imports: `import { createEndpoints } from 'cdk-failover/client'`. docs/clients.md
 * shows how.
 *
 * @module cdk-failover/client
 */
// It only re-exports: the package has one entry for clients, and nothing in it imports this.
export type { Publication } from '../core/kinds/publication.ts';
export {
  ActiveGuard,
  type ActiveGuardOptions,
  type GuardChange,
  type Takeover,
} from './active-guard.ts';
export type { BreakerRules } from './breaker.ts';
export type { CallOptions } from './call.ts';
export { ClientError, type ClientErrorCode } from './client-error.ts';
export type { Endpoint } from './directory.ts';
export { createEndpoints, type Endpoints, type EndpointsOptions, type Source } from './endpoints.ts';
export type { Credentials, CredentialsProvider } from './signature.ts';
export { type ClientSystem, clientSystem, type Instant } from './system.ts';
