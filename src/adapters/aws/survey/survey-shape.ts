import type { SiteSurvey } from '../../../core/detection/site-survey.ts';
import { dataRoles } from '../../../core/model/data.ts';

const facts = ['isDataUsable', 'isWellInside', 'canTakeRole'] as const;
/** Ages, which are null where there is nothing that has one. */
const ages = ['backupAgeMs', 'restoreAgeMs'] as const;
const figures = ['replicationLagMs', 'load', 'healthyTargets', 'size', 'inService'] as const;

/** Whether a function's answer is a survey. The check is strict, because a survey may open a fence or allow a move. */
export function isSurvey(value: unknown): value is SiteSurvey {
  if (typeof value !== 'object' || value === null) return false;
  const { findings } = value as { readonly findings?: unknown };
  const isFigure = (name: (typeof figures | typeof ages)[number]) => {
    const figure = (value as Readonly<Record<string, unknown>>)[name];
    return figure === undefined || (typeof figure === 'number' && Number.isFinite(figure) && figure >= 0);
  };
  const isFact = (name: (typeof facts)[number]) => {
    const fact = (value as Readonly<Record<string, unknown>>)[name];
    return fact === undefined || typeof fact === 'boolean';
  };
  const isAge = (name: (typeof ages)[number]) =>
    (value as Readonly<Record<string, unknown>>)[name] === null || isFigure(name);
  const { dataRole } = value as { readonly dataRole?: unknown };
  const isRole = dataRole === undefined || dataRoles.some((role) => role === dataRole);
  const isText = Array.isArray(findings) && findings.every((line) => typeof line === 'string');
  return isText && isRole && figures.every(isFigure) && ages.every(isAge) && facts.every(isFact);
}
