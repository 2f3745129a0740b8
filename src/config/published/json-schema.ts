import { z } from 'zod';
import { durationText } from '../schema/duration.ts';
import { deploymentSchema } from '../schema/schema.ts';

/** The part of JSON Schema that a deployment needs, with what `src/config/schema/` notes beside it. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | false;
  readonly propertyNames?: JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  /** The allowed values, in words. */
  readonly allowed?: string;
  readonly isDuration?: boolean;
  /** What the names of a mapping stand for, where that is known. */
  readonly names?: 'site';
  readonly [other: string]: unknown;
}

/** Keywords of this project's own notes, which are not part of JSON Schema. */
const notes = ['allowed', 'isDuration', 'names'];

/** What a user may write, as JSON Schema with the notes of this project in it. */
export function inputSchema(): JsonSchema {
  return z.toJSONSchema(deploymentSchema, {
    io: 'input',
    target: 'draft-7',
    // Zod leaves out the default of what is transformed, such as a duration, since it need not be a valid input.
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema instanceof z.ZodDefault)
        jsonSchema.default ??= zodSchema.def.defaultValue as typeof jsonSchema.default;
    },
  }) as JsonSchema;
}

/** The sentences about a key: its meaning, the allowed values, and the default. */
export function aboutKey(schema: JsonSchema): readonly string[] {
  const { description, allowed, default: preset } = schema;
  const text = schema.isDuration === true ? durationText(Number(preset)) : JSON.stringify(preset);
  return [
    ...(description === undefined ? [] : [description]),
    ...(allowed === undefined || isPlain(schema) ? [] : [`Allowed: ${allowed}.`]),
    ...(preset === undefined || text === '{}' ? [] : [`Default: ${text}.`]),
  ];
}

/** Whether the type alone says which values are allowed. */
function isPlain(schema: JsonSchema): boolean {
  return schema.enum !== undefined || schema.type === 'boolean' || schema.additionalProperties !== undefined;
}

/** The schema that editors read for YAML: `failover.schema.json` of the package. */
export function publishedSchema(): string {
  const title = 'A deployment of cdk-failover';
  return `${JSON.stringify({ title, ...withTexts(inputSchema()) }, null, 1)}\n`;
}

/** The same schema with complete descriptions and without notes of this project. */
export function withTexts(schema: JsonSchema): JsonSchema {
  const about = aboutKey(schema).join(' ');
  const entries = Object.entries(schema).filter(([key]) => !notes.includes(key));
  const kept = Object.fromEntries(entries.map(([key, value]) => [key, withTextsBelow(key, value)]));
  return about === '' ? kept : { ...kept, description: about };
}

function withTextsBelow(key: string, value: unknown): unknown {
  switch (key) {
    case 'properties': {
      const properties = Object.entries(value as Readonly<Record<string, JsonSchema>>);
      return Object.fromEntries(properties.map(([name, property]) => [name, withTexts(property)]));
    }
    case 'additionalProperties':
    case 'propertyNames':
    case 'items':
      return value === false ? value : withTexts(value as JsonSchema);
    case 'anyOf':
    case 'oneOf':
      return (value as readonly JsonSchema[]).map(withTexts);
    default:
      return value;
  }
}
