import type { PromoteThing, WriterState } from '../../core/kinds/promote.ts';
import { type DataResource, type DataRole, isShared } from '../../core/model/data.ts';
import type { Site } from '../../core/model/site.ts';
import { PortError } from '../../ports/port-error.ts';
import type { KindHandlers } from '../../ports/ports.ts';
import type { AwsClients } from './clients.ts';
import { LambdaHook } from './lambda/lambda-hook.ts';
import { customData, type Hook } from './promote/custom-data.ts';
import { elastiCacheGlobal } from './promote/elasticache-global.ts';
import { globalCluster } from './promote/global-cluster.ts';
import { globalClusterApi } from './promote/global-cluster-api.ts';
import type { Promoter, Promotion, PromotionWish } from './promote/promoter.ts';
import { rdsReplica } from './promote/rds-replica.ts';
import { s3Mrap } from './promote/s3-mrap.ts';

/** Where the sites of each service are. */
type Places = Readonly<Record<string, { readonly sites: Readonly<Record<string, Pick<Site, 'region'>>> }>>;

/** What is wished where it is only asked who writes. */
const onlyAsked: PromotionWish = { isPlanned: false, isDataLossAllowed: false };

/**
 * Data that is promoted, by the API of its kind.
 *
 * A promotion is asked for and not awaited; `readWriter` says when it is done. No call goes to the region of the old
 * site, except in a planned switchover of a global cluster, whose primary is well. `docs/data.md` has a section for
 * each kind.
 */
export class AwsDatabases {
  readonly #clients: AwsClients;
  readonly #places: Places;
  readonly #hook: Hook;
  /** Clusters whose promotion was refused for now, until the next look. */
  readonly #refused = new Set<string>();

  /** @param hook - asks the functions of data of the kind `custom` */
  constructor(clients: AwsClients, places: Places, hook: Hook) {
    this.#clients = clients;
    this.#places = places;
    this.#hook = hook;
  }

  /**
   * @param to - the site that must become the writer, in that region
   * @param wish - left out where nothing is to be promoted
   * @throws {PortError} `invalid` when the region does not know the data, or nothing of it is ever promoted
   */
  readWriter(
    region: string,
    service: string,
    data: DataResource,
    to: string,
    wish: PromotionWish = onlyAsked,
  ): Promise<WriterState> {
    return this.#promoterOf(data).readWriter(region, service, to, wish);
  }

  /**
   * @throws {PortError} `denied` when it may lose data without permission, or when the user's function answers with a
   *   veto
   */
  promote(promotion: Promotion): Promise<void> {
    return this.#promoterOf(promotion.data).promote(promotion);
  }

  /**
   * Role of a site's own copy of the data, by the API of the site's own region; undefined when it is not known, or when
   * every site writes.
   *
   * @throws {PortError} when the API does not answer, or has nothing of what is declared
   */
  async roleOf(service: string, site: string, data: DataResource): Promise<DataRole | undefined> {
    return isShared(data) ? undefined : await this.#promoterOf(data).roleOf(service, site);
  }

  #promoterOf(data: DataResource): Promoter {
    const regionOf = (service: string, site: string) => this.#regionOf(service, site);
    switch (data.kind) {
      case 'aurora-global':
      case 'documentdb-global':
      case 'neptune-global':
        return globalCluster(globalClusterApi(this.#clients, data.kind), data, this.#refused);
      case 'rds-replica':
        return rdsReplica(this.#clients, data, regionOf);
      case 'elasticache-global':
        return elastiCacheGlobal(this.#clients, data, regionOf);
      case 's3-mrap':
        return s3Mrap(this.#clients, data, regionOf);
      case 'custom':
        return customData(this.#hook, data, regionOf);
      case 'dynamodb-global':
      case 'aurora-dsql':
      case 'memorydb-multi-region':
        return everyoneWrites(data.kind);
    }
  }

  #regionOf(service: string, site: string): string {
    const region = this.#places[service]?.sites[site]?.region;
    if (region === undefined) throw new PortError({ kind: 'invalid', detail: `${service} has no site ${site}` });
    return region;
  }
}

/** The core never orders a promotion of such data, so an order for it is a mistake. */
function everyoneWrites(kind: string): Promoter {
  const refuse = async () => {
    throw new PortError({
      kind: 'invalid',
      detail: `every site writes data of kind ${kind}: there is nothing to promote`,
    });
  };
  return { readWriter: refuse, promote: refuse, roleOf: refuse };
}

/**
 * Reads who writes and promotes, by the API of the data's kind.
 *
 * @param hooks - clients whose deadline is the time that a function of the user has
 */
export function promoteHandlers(clients: AwsClients, places: Places, hooks: AwsClients): KindHandlers<'promote'> {
  /** By account. Kept, because a look knows what the write before it was told. */
  const all = new Map<string | undefined, AwsDatabases>();
  const databasesOf = ({ account }: PromoteThing) => {
    const databases =
      all.get(account) ?? new AwsDatabases(clients.in(account), places, new LambdaHook(hooks.in(account)));
    all.set(account, databases);
    return databases;
  };
  return {
    'read:promote': async (thing) => {
      const { region, service, data, to } = thing;
      return await databasesOf(thing).readWriter(region, service, data, to, thing);
    },
    'write:promote': async (thing) => {
      await databasesOf(thing).promote(thing);
      return null;
    },
  };
}
