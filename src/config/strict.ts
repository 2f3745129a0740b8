import { z } from 'zod';
import { closest } from './document.ts';

/** An object schema that refuses unknown keys and says which ones there are. */
export function strict<T extends z.ZodRawShape>(shape: T) {
  const allowed = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? unknownKey(issue.keys[0] ?? '', allowed) : undefined),
  });
}

function unknownKey(key: string, allowed: readonly string[]): string {
  const near = closest(key, allowed);
  return `unknown key; ${near === null ? '' : `did you mean "${near}"? `}allowed: ${allowed.join(', ')}`;
}
