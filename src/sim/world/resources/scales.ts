import { type ScaleState, type StartThing, tablePartOf } from '../../../core/kinds/start.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import { placeOf } from '../../../core/model/place.ts';
import type { Scalable, Site } from '../../../core/model/site.ts';
import type { Scheduler } from '../../scheduler.ts';
import type { SimSite, SimSites } from '../sites.ts';

/** The site that runs on something. */
type ScalePlace = Pick<StartThing, 'region' | 'service' | 'site'>;

/**
 * How long an instance takes to stop, in milliseconds. EC2 promises nothing: our own, of a machine that shuts down in
 * good order.
 */
const stopMs = 40_000;

/** What AWS says where it has no room. Source: Amazon EC2 Auto Scaling User Guide, "Insufficient instance capacity". */
const noRoom = 'InsufficientInstanceCapacity: there is not sufficient capacity in the zone';

interface Scale {
  wanted: number;
  ready: number;
  /** When the instances that are being stopped have stopped, in milliseconds of the world. */
  stoppedAtMs: number;
  /** Boots that were asked for before this one count for nothing any more. */
  order: number;
}

/** What was asked for, and when it is there. */
interface Boot {
  readonly order: number;
  readonly region: string;
  readonly owner: SimSite | null;
  readonly bootMs: number;
}

/** What can be scaled: how much was asked for, and how much has booted. */
export class SimScales {
  readonly #scheduler: Scheduler;
  readonly #sites: SimSites;
  readonly #scales = new Map<string, Scale>();
  readonly #isRegionDead: (region: string) => boolean;

  constructor(scheduler: Scheduler, sites: SimSites, isRegionDead: (region: string) => boolean) {
    this.#scheduler = scheduler;
    this.#sites = sites;
    this.#isRegionDead = isRegionDead;
  }

  /** Makes what the deployment names; what exists keeps its size. */
  deploy(deployment: Deployment, servingOf: (service: string) => readonly string[]): void {
    for (const [service, { sites, mode }] of Object.entries(deployment.services)) {
      for (const [name, site] of Object.entries(sites)) {
        const isServing = mode === 'active-passive' && servingOf(service).includes(name);
        for (const scalable of site.scale) {
          const key = this.#keyOf(scalePlaceOf(service, name, site), scalable);
          const size = sizeOf(scalable, isServing);
          if (!this.#scales.has(key)) this.#scales.set(key, { wanted: size, ready: size, stoppedAtMs: 0, order: 0 });
        }
        this.#settle(service, name, site);
      }
    }
  }

  /** Null when there is no such thing. */
  read(place: ScalePlace, scalable: Scalable): ScaleState | null {
    const scale = this.#scales.get(this.#keyOf(place, scalable));
    return scale ? { wanted: scale.wanted, ready: scale.ready } : null;
  }

  /** What the API shows of it: a table that is being changed shows what it had, and takes no other change. */
  look(place: ScalePlace, scalable: Scalable): ScaleState | null {
    const found = this.read(place, scalable);
    const isShort = found !== null && found.ready < found.wanted && !this.#sites.get(place.service, place.site).canBoot;
    const seen = isShort ? { ...found, hindrance: noRoom } : found;
    if (seen !== null && this.isStopping(place, scalable)) return { ...seen, isStopping: true };
    return seen !== null && this.isBusy(place, scalable)
      ? { wanted: seen.ready, ready: seen.ready, isChanging: true }
      : seen;
  }

  /** Whether it is of instances that are being stopped: EC2 starts none of them before they have. */
  isStopping(place: ScalePlace, scalable: Scalable): boolean {
    if (scalable.kind !== 'instances') return false;
    const { stoppedAtMs = 0 } = this.#scales.get(this.#keyOf(place, scalable)) ?? {};
    return this.#scheduler.nowMs < stoppedAtMs;
  }

  /** Whether it is of a table, and a capacity of that table, or of an index of it, is being changed. */
  isBusy({ region }: Pick<ScalePlace, 'region'>, scalable: Scalable): boolean {
    if (scalable.kind !== 'dynamodb-capacity') return false;
    const ofTable = `${region}/dynamodb/${scalable.table}/`;
    return [...this.#scales].some(([key, { wanted, ready }]) => key.startsWith(ofTable) && ready < wanted);
  }

  /** Asks for a size; what is missing boots, what is too much stops at once. Whether anything changed. */
  write(deployment: Deployment, place: ScalePlace, scalable: Scalable, size: number): boolean {
    const key = this.#keyOf(place, scalable);
    const scale = this.#scales.get(key);
    if (!scale || scale.wanted === size) return false;
    scale.wanted = size;
    scale.order += 1;
    if (scalable.kind === 'instances' && size < scale.ready) scale.stoppedAtMs = this.#scheduler.nowMs + stopMs;
    scale.ready = Math.min(scale.ready, size);
    const { order } = scale;
    const owner = this.#ownerOf(deployment, key);
    this.#settleAll(deployment);
    if (scale.ready < size) {
      // The capacities of one table come one after another, all of them in the time that the site has.
      const turns = scalable.kind === 'dynamodb-capacity' ? this.#capacitiesOf(place.region, scalable.table) : 1;
      this.#boot(deployment, scale, { order, region: place.region, owner, bootMs: (owner?.bootMs ?? 0) / turns });
    }
    return true;
  }

  /** Size that is in service, over all that a site is scaled by; null when nothing of it is. */
  sizeOf(service: string, name: string, site: Site): number | null {
    if (site.scale.length === 0) return null;
    const place = scalePlaceOf(service, name, site);
    return site.scale.reduce((sum, scalable) => sum + (this.read(place, scalable)?.ready ?? 0), 0);
  }

  #keyOf(place: ScalePlace, scalable: Scalable): string {
    return keyOf({ ...place, site: this.#sites.idOf(place.service, place.site) }, scalable);
  }

  #capacitiesOf(region: string, table: string): number {
    return [...this.#scales.keys()].filter((key) => key.startsWith(`${region}/dynamodb/${table}/`)).length;
  }

  #boot(deployment: Deployment, scale: Scale, boot: Boot): void {
    const { order, region, owner, bootMs } = boot;
    this.#scheduler.after(bootMs, () => {
      if (scale.order !== order) return;
      // A dark region boots nothing, and neither does one without room; both try again.
      if (this.#isRegionDead(region) || owner?.canBoot === false) {
        this.#boot(deployment, scale, boot);
        return;
      }
      scale.ready = scale.wanted;
      this.#settleAll(deployment);
    });
  }

  #ownerOf(deployment: Deployment, key: string): SimSite | null {
    for (const [service, { sites }] of Object.entries(deployment.services)) {
      for (const [name, site] of Object.entries(sites)) {
        const place = scalePlaceOf(service, name, site);
        if (site.scale.some((scalable) => this.#keyOf(place, scalable) === key)) return this.#sites.get(service, name);
      }
    }
    return null;
  }

  #settleAll(deployment: Deployment): void {
    for (const [service, { sites }] of Object.entries(deployment.services)) {
      for (const [name, site] of Object.entries(sites)) this.#settle(service, name, site);
    }
  }

  /** What a site can do follows from what it runs on. A warm one answers without what it stands by with none of. */
  #settle(service: string, name: string, site: Site): void {
    if (site.scale.length === 0) return;
    const place = scalePlaceOf(service, name, site);
    const shares = site.scale.flatMap((scalable) => {
      const full = scalable.kind === 'instances' ? 1 : scalable.size;
      const ready = this.read(place, scalable)?.ready ?? 0;
      const isDispensable = site.standby === 'warm' && ready === 0 && sizeOf(scalable, false) === 0;
      return full === 0 ? [1] : isDispensable ? [] : [Math.min(1, ready / full)];
    });
    this.#sites.get(service, name).power = shares.length === 0 ? 0 : Math.min(...shares);
  }
}

function scalePlaceOf(service: string, site: string, place: Site): ScalePlace {
  return { region: placeOf(place), service, site };
}

function sizeOf(scalable: Scalable, isServing: boolean): number {
  if (scalable.kind === 'instances') return isServing ? 1 : 0;
  return isServing ? scalable.size : scalable.standbySize;
}

function keyOf({ region, service, site }: ScalePlace, scalable: Scalable): string {
  switch (scalable.kind) {
    case 'auto-scaling-group':
      return `${region}/asg/${scalable.name}`;
    case 'ecs-service':
      return `${region}/ecs/${scalable.cluster}/${scalable.name}`;
    case 'eks-nodegroup':
      return `${region}/eks/${scalable.cluster}/${scalable.name}`;
    case 'eks-deployment':
      return `${region}/k8s/${scalable.cluster}/${scalable.namespace}/${scalable.name}`;
    case 'provisioned-concurrency':
      return `${region}/lambda/${scalable.functionName}/${scalable.alias}`;
    case 'instances':
      return `${region}/ec2/${scalable.instanceIds.join('+')}`;
    case 'aurora-serverless':
      return `${region}/aurora/${scalable.cluster}`;
    case 'aurora-readers':
      return `${region}/aurora-readers/${scalable.cluster}`;
    case 'dynamodb-capacity':
      return `${region}/dynamodb/${tablePartOf(scalable)}/${scalable.units}`;
    case 'custom':
      return `${region}/custom/${scalable.functionName}/${service}/${site}`;
  }
}
