import { lastResortName } from '../src/core/model/service.ts';
import type { Actuator } from './actuator.ts';

/** The record of a service that chose to have it edited. */
export const editedRecord: Actuator<'record'> = {
  kind: 'record',
  isOwn: ({ zoneId, name }, { traffic: { dns } }) =>
    dns?.mode === 'records' && dns.policy === 'failover' && dns.zone.id === zoneId && dns.record === name,
};

/** The weights of the records of a pool whose service chose to have them edited, of its sites and its static endpoint. */
export const recordWeights: Actuator<'record-weights'> = {
  kind: 'record-weights',
  isOwn: ({ zoneId, name, weights }, { sites, traffic: { dns } }) =>
    dns?.mode === 'records' &&
    dns.policy === 'weighted' &&
    dns.zone.id === zoneId &&
    dns.record === name &&
    Object.keys(weights).every(
      (site) => Object.hasOwn(sites, site) || (site === lastResortName && dns.lastResort !== undefined),
    ),
};
