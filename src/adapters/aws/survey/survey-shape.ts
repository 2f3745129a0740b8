import type { SiteSurvey } from '../../../core/detection/site-survey.ts';

const figures = ['replicationLagMs', 'load', 'healthyTargets', 'size'] as const;

/** Whether a function's answer is a survey; strict, as its figures open and close gates. */
export function isSurvey(value: unknown): value is SiteSurvey {
  if (typeof value !== 'object' || value === null) return false;
  const { findings } = value as { readonly findings?: unknown };
  const isFigure = (name: (typeof figures)[number]) => {
    const figure = (value as Readonly<Record<string, unknown>>)[name];
    return figure === undefined || (typeof figure === 'number' && Number.isFinite(figure) && figure >= 0);
  };
  return Array.isArray(findings) && findings.every((line) => typeof line === 'string') && figures.every(isFigure);
}
