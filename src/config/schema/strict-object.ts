import { z } from 'zod';

const allowedPrefix = 'allowed: ';
const separator = ', ';

/** An object schema that refuses unknown keys and says which ones there are. */
export function strict<T extends z.ZodRawShape>(shape: T) {
  const keys = Object.keys(shape).filter((key) => !isLater(shape[key]));
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') return `${allowedPrefix}${keys.join(separator)}`;
      return issue.code === 'invalid_type' ? `a mapping with ${keys.join(separator)}` : undefined;
    },
  });
}

/** The keys that a message of {@link strict} about an unknown one allows; empty for any other message. */
export function allowedKeysOf(message: string): readonly string[] {
  return message.startsWith(allowedPrefix) ? message.slice(allowedPrefix.length).split(separator) : [];
}

/**
 * A key that is planned and not built. It is refused with the reason, and listed nowhere.
 *
 * @param why - what the key waits for
 */
export function later(why: string) {
  return z.never({ error: `nothing yet: ${why}` }).optional();
}

/** Whether a field was made by {@link later}. */
export function isLater(field: unknown): boolean {
  return field instanceof z.ZodOptional && field.unwrap() instanceof z.ZodNever;
}
