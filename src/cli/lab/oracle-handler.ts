import { type OracleVote, oraclePath, oracleVote } from '../../core/dns/oracle-vote.ts';
import { endpointsPath, oracleDocumentOf } from '../../core/kinds/publication.ts';
import { type Deployment, serviceOf } from '../../core/model/deployment.ts';
import type { Register } from '../../core/register/register.ts';

/** What an oracle of the lab answers, as the deployed one does; only clients' endpoints have JSON. */
export interface OracleAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What an oracle of the lab is made of. */
export interface OracleDesk {
  readonly deployment: Deployment;
  /** A service's register in the own table; null when there is none or the table does not answer. */
  readonly readRegister: (service: string) => Promise<Register | null>;
  /** Hears every vote that is given. */
  readonly onVote: (service: string, site: string, vote: OracleVote) => void;
}

const noStore = { 'cache-control': 'no-store' };

/**
 * Answers the requests of an oracle: at a site's path 200 for `off` and 503 for no vote, at the path of a service with
 * clients its endpoints, or 503 when nobody knows them.
 */
export function oracleDesk({ deployment, readRegister, onVote }: OracleDesk) {
  const services = Object.keys(deployment.services).map((name) => serviceOf(deployment, name));
  const ballots = new Map(
    services.flatMap((service) =>
      Object.keys(service.sites).map((site) => [oraclePath(service.name, site), { service, site }] as const),
    ),
  );
  const published = new Map(
    services.flatMap((service) =>
      service.clients === undefined ? [] : [[endpointsPath(service.name), service] as const],
    ),
  );

  return async (method: string, path: string): Promise<OracleAnswer> => {
    const told = published.get(path);
    const ballot = ballots.get(path);
    if (told === undefined && ballot === undefined) return { status: 404, headers: {}, body: '' };
    if (method !== 'GET') return { status: 405, headers: { allow: 'GET' }, body: '' };
    if (told !== undefined) {
      const register = await readRegister(told.name);
      if (register === null) return { status: 503, headers: noStore, body: '' };
      const headers = { ...noStore, 'content-type': 'application/json' };
      return { status: 200, headers, body: JSON.stringify(oracleDocumentOf(told, register)) };
    }
    if (ballot === undefined) return { status: 404, headers: {}, body: '' };
    const { service, site } = ballot;
    const vote = oracleVote(await readRegister(service.name), service, site);
    onVote(service.name, site, vote);
    return { status: vote === 'off' ? 200 : 503, headers: noStore, body: vote };
  };
}
