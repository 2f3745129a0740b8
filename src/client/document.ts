import type { OracleDocument, Publication } from '../core/kinds/publication.ts';

/**
 * Most bytes of an answer that are looked at; a parameter of Parameter Store holds 4 KB, an oracle's answer is alike.
 */
const lengthMax = 65_536;

/**
 * Reads a publication from an oracle's answer or from the parameter.
 *
 * @returns null for whatever is not a publication of this service
 */
export function parsePublication(text: string, service: string): Publication | null {
  const value = parseObject(text);
  if (value === null || !isPublication(value) || value.service !== service) return null;
  const endpoints = value.endpoints.map(({ site, url }) => ({ site, url }));
  return { service, epoch: value.epoch, endpoints, isReadOnly: value.isReadOnly };
}

/** Reads an oracle's answer with who is active; null for whatever is not one of this service. */
export function parseOracleDocument(text: string, service: string): OracleDocument | null {
  const value = parseObject(text) as Partial<OracleDocument> | null;
  if (value === null || !isPublication(value) || value.service !== service) return null;
  const { active } = value as Partial<OracleDocument>;
  const isActive = typeof active?.site === 'string' && isEpoch(active.epoch);
  return isActive ? (value as OracleDocument) : null;
}

/** URL of a service's document at an oracle. */
export function endpointsUrl(oracle: string, service: string): string {
  return `${oracle.replace(/\/+$/, '')}/v1/${service}/endpoints`;
}

function parseObject(text: string): Partial<Publication> | null {
  if (text.length > lengthMax) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}

function isPublication(value: Partial<Publication>): value is Publication {
  const { service, epoch, endpoints, isReadOnly } = value;
  const isList = Array.isArray(endpoints) && endpoints.every(isEndpoint);
  return typeof service === 'string' && isEpoch(epoch) && isList && typeof isReadOnly === 'boolean';
}

function isEndpoint(value: unknown): boolean {
  const { site, url } = (value ?? {}) as { readonly site?: unknown; readonly url?: unknown };
  return typeof site === 'string' && typeof url === 'string';
}

function isEpoch(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
