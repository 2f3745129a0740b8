import type { SiteSurvey } from '../core/detection/site-survey.ts';

/** Reads facts of sites that no probe tells: metrics, heartbeats, sizes, target health. */
export interface Surveyor {
  survey(region: string, service: string, site: string): Promise<SiteSurvey>;
}
