import { z } from 'zod';
import { statusShape } from '../config/published/status-schema.ts';

/**
 * A part of what `status --json` says of a service. A field that status does not have is refused: a value that is
 * expected of it would never be there, and `null` always.
 */
export const statusPart = z
  .record(z.string(), z.unknown(), { error: 'a mapping of fields' })
  .superRefine((part, context) => {
    for (const { path, key, known } of unknownIn(part, statusShape.shape.services.valueType, [])) {
      context.addIssue({
        code: 'unrecognized_keys',
        keys: [key],
        path: [...path],
        input: part,
        message: `allowed: ${known.join(', ')}`,
      });
    }
  });

interface UnknownField {
  readonly path: readonly string[];
  readonly key: string;
  readonly known: readonly string[];
}

function unknownIn(part: unknown, schema: unknown, path: readonly string[]): readonly UnknownField[] {
  const isMapping = part !== null && typeof part === 'object' && !Array.isArray(part);
  if (!isMapping || Object.hasOwn(part, 'not')) return [];
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodRecord) {
    return Object.entries(part).flatMap(([key, value]) => unknownIn(value, inner.valueType, [...path, key]));
  }
  if (!(inner instanceof z.ZodObject)) return [];
  const shape: Readonly<Record<string, unknown>> = inner.shape;
  return Object.entries(part).flatMap(([key, value]) =>
    Object.hasOwn(shape, key)
      ? unknownIn(value, shape[key], [...path, key])
      : [{ path, key, known: Object.keys(shape) }],
  );
}

function unwrapped(schema: unknown): unknown {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable ? unwrapped(schema.unwrap()) : schema;
}
