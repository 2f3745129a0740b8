import { type KindName, kindNames } from '../../core/kinds/kind-name.ts';
import { kindOf } from '../../core/kinds/kinds.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { actingRegionOf } from '../../core/model/place.ts';
import type { NamedService, Service } from '../../core/model/service.ts';
import type { Fence } from '../../core/model/site.ts';
import { sitesToSurvey } from '../../core/watcher/surveys/survey.ts';
import { hasClients } from './clients-load.ts';
import type { FunctionKind } from './names.ts';

/**
 * Functions of a control region, with actuators only for things in that region. `deploy` belongs to the stack of
 * records.
 */
export function functionsOf(deployment: Deployment, region: string): readonly FunctionKind[] {
  const services = Object.values(deployment.services);
  const isSurveyed = services.some((service) => surveyedSites(service, region).length > 0);
  return [
    'watcher',
    'oracle',
    'notify',
    ...(doctorRegionsOf(deployment).includes(region) ? (['doctor'] as const) : []),
    ...(hasClients(deployment) ? (['endpoints'] as const) : []),
    ...actuatorsOf(deployment, region),
    ...(isSurveyed ? (['survey'] as const) : []),
  ];
}

/** Regions in which the hourly checkup runs: with two, one may be dark (docs/adr/0028-hourly-doctor.md). */
const doctorRegionsMax = 2;

/** Control regions in which the hourly checkup runs; none where it is switched off. */
export function doctorRegionsOf({
  controlRegions,
  doctor,
}: Pick<Deployment, 'controlRegions' | 'doctor'>): readonly string[] {
  return doctor.hourly ? controlRegions.slice(0, doctorRegionsMax) : [];
}

/** Kinds of things for which a control region has a function. */
export function actuatorsOf(deployment: Deployment, region: string): readonly KindName[] {
  return kindNames.filter((kind) => Object.keys(usersOf(deployment, region, kind)).length > 0);
}

/** Services for which the function of a kind has something to do in a region. */
export function usersOf(deployment: Deployment, region: string, kind: KindName): Readonly<Record<string, Service>> {
  return Object.fromEntries(
    Object.entries(deployment.services).filter(([, service]) => kindOf(kind).isIn(service, region)),
  );
}

/** Fences that the functions of a region close and open. */
export function fencesIn(services: readonly Service[], region: string): readonly Fence[] {
  return services.flatMap(({ sites }) =>
    Object.values(sites).flatMap((site) => (site.fence && actingRegionOf(site) === region ? [site.fence] : [])),
  );
}

/** Sites of a region that have facts which only a survey can read. */
export function surveyedSites(service: Service, region: string): readonly string[] {
  const named: NamedService = { name: '', ...service };
  return sitesToSurvey(named, region);
}
