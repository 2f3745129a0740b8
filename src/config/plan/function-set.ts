import type { Deployment } from '../../core/model/deployment.ts';
import type { NamedService, Service } from '../../core/model/service.ts';
import { sitesToSurvey } from '../../core/watcher/survey.ts';
import { type ActuatorKind, actuatorKinds, type FunctionKind } from './names.ts';

/** Functions that a control region has: the actuators only of what is in that region. `deploy` belongs to the records. */
export function functionsOf(deployment: Deployment, region: string): readonly FunctionKind[] {
  const services = Object.values(deployment.services);
  const actuators = actuatorKinds.filter((kind) => services.some((service) => isActuatedIn(service, kind, region)));
  const isSurveyed = services.some((service) => surveyedSites(service, region).length > 0);
  return ['watcher', 'oracle', 'notify', ...actuators, ...(isSurveyed ? (['survey'] as const) : [])];
}

/** Whether an actuator of a region has something to do for a service; records and publications belong to every region. */
export function isActuatedIn(service: Service, kind: ActuatorKind, region: string): boolean {
  const { traffic, sites, data } = service;
  const hasHere = (isWanted: (site: Service['sites'][string]) => boolean) =>
    Object.values(sites).some((site) => site.region === region && isWanted(site));
  switch (kind) {
    case 'address':
      return traffic.address?.region === region;
    case 'targets':
      return traffic.targets?.region === region;
    case 'records':
      return traffic.dns?.mode === 'records';
    case 'publish':
      return service.clients !== undefined;
    case 'isolation':
      return hasHere(({ fence }) => fence !== undefined);
    case 'standby':
      return hasHere(({ scale }) => scale.length > 0);
    case 'data':
      return isPromoted(data) && hasHere(() => true);
  }
}

/** Sites of a region of which a survey can tell something that no probe tells. */
export function surveyedSites(service: Service, region: string): readonly string[] {
  const named: NamedService = { name: '', ...service };
  return sitesToSurvey(named, region);
}

/** Whether data has one writer that a move changes. */
export function isPromoted(data: Service['data']): boolean {
  return data !== undefined && data.kind !== 'dynamodb-global';
}
