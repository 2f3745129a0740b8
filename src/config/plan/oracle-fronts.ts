import type { Deployment } from '../../core/model/deployment.ts';

/** Where an oracle is asked, as a health check has it. */
export interface OracleFront {
  readonly host: string;
  readonly port: number;
  /** What stands before the paths of questions; empty, or with a slash in front and none at its end. */
  readonly basePath: string;
}

/** Form of a URL in `oracle.url`, as the schema leaves it. */
const form = /^https:\/\/([^/:]+)(?::(\d+))?(\/.*)?$/;

/** What the user has put before the oracle of a region; null where it has a function URL, or nobody asks. */
export function oracleFrontOf({ oracle }: Pick<Deployment, 'oracle'>, region: string): OracleFront | null {
  const [, host, port = '443', basePath = ''] = form.exec(oracle?.url[region] ?? '') ?? [];
  return host === undefined ? null : { host, port: Number(port), basePath };
}

/** Whether Route 53's checkers ask the oracles. */
export function areOraclesAsked({ services }: Pick<Deployment, 'services'>): boolean {
  return Object.values(services).some(({ traffic }) => traffic.dns?.mode === 'oracle');
}

/** Whether the oracles have public function URLs: they are asked, and nothing of the user's stands before them. */
export function hasFunctionUrls(deployment: Pick<Deployment, 'services' | 'oracle'>): boolean {
  return deployment.oracle === undefined && areOraclesAsked(deployment);
}
