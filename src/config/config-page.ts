import { z } from 'zod';
import { deploymentRules, serviceRules } from './rules/rules.ts';
import { durationText } from './schema/duration.ts';
import { deploymentSchema } from './schema/schema.ts';
import { isLater } from './schema/strict-object.ts';

/** Makes docs/config.md from the schema and the rules, so that the page always agrees with them. */

interface Section {
  readonly path: string;
  readonly about: string;
  readonly rows: readonly string[];
}

/** One key of a mapping, with its schema unwrapped. */
interface Field {
  readonly schema: z.ZodType;
  readonly about: string;
  /** Text of the column "default": a value, `required`, or `optional`. */
  readonly preset: string;
}

const head = `# Configuration

Made from the schema in \`src/config/\` by \`npx tsx scripts/config-page.ts\`; do not edit.

One shape everywhere: \`defineDeployment({...})\` in TypeScript, and YAML for scenarios, the lab and the command line.
\`cdk-failover validate FILE\` checks a file and says what is wrong, where, what is allowed and what to do.
Durations are milliseconds; a text with a unit is allowed too: \`250ms\`, \`30s\`, \`5m\`, \`1h\`. Unknown keys are errors.
A NAME is chosen by the user: 1 to 31 lower-case letters, digits and hyphens, a letter first.
`;

/** The whole page, as Markdown. */
export function configPage(): string {
  const sections = sectionsOf(deploymentSchema, '', 'The deployment as a whole.').map(sectionText);
  const rules = [...deploymentRules, ...serviceRules].map(({ about }) => `- ${about}`).join('\n');
  const ruleHead = '## Rules\n\nFurther rules. A file that breaks one is refused, with a hint what to write instead.';
  return `${[head.trimEnd(), ...sections, `${ruleHead}\n\n${rules}`].join('\n\n')}\n`;
}

function sectionText({ path, about, rows }: Section): string {
  const title = path === '' ? 'Top level' : `\`${path}\``;
  const table = ['| key | what may stand there | default | what it is |', '|---|---|---|---|', ...rows];
  return `## ${title}\n\n${about}\n\n${table.join('\n')}`;
}

/** The section of a mapping, and those of all mappings below it. */
function sectionsOf(schema: z.ZodType, path: string, about: string): readonly Section[] {
  const bare = unwrapped(schema).schema;
  if (bare instanceof z.ZodObject) {
    const fields = Object.entries(bare.shape).filter(([, field]) => !isLater(field));
    const rows = fields.map(([key, field]) => rowOf(key, fieldOf(field, `${path}.${key}`)));
    const below = fields.flatMap(([key, field]) => {
      const inner = fieldOf(field, `${path}.${key}`);
      return sectionsOf(inner.schema, path === '' ? key : `${path}.${key}`, inner.about);
    });
    return [{ path, about, rows }, ...below];
  }
  if (bare instanceof z.ZodRecord) return sectionsOf(bare.valueType as z.ZodType, `${path}.NAME`, about);
  if (bare instanceof z.ZodArray) return sectionsOf(bare.element as z.ZodType, `${path}[]`, about);
  if (bare instanceof z.ZodUnion) {
    return bare.options.flatMap((option) => {
      const variant = option as z.ZodType;
      return sectionsOf(variant, variantPath(variant, path), about);
    });
  }
  return [];
}

/** The path of a variant of a mapping. It contains the variant's type, so that headings differ. */
function variantPath(variant: z.ZodType, path: string): string {
  const { schema } = unwrapped(variant);
  const shape = schema instanceof z.ZodObject ? (schema.shape as Record<string, z.ZodType>) : {};
  const type = shape.type ?? shape.kind;
  return type === undefined ? path : `${path} (${allowedOf(type)})`;
}

function rowOf(key: string, { schema, preset, about }: Field): string {
  return `| \`${key}\` | ${cell(allowedOf(schema))} | ${cell(preset)} | ${cell(about)} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function fieldOf(field: unknown, path: string): Field {
  const { schema, preset, about } = unwrapped(field as z.ZodType);
  if (about === undefined) throw new TypeError(`${path} has no description`);
  return { schema, about, preset };
}

/** Removes defaults, options and transformations from a schema. The outermost description and default are used. */
function unwrapped(schema: z.ZodType): { schema: z.ZodType; about: string | undefined; preset: string } {
  const about = schema.description;
  const meta = schema.meta();
  if (schema instanceof z.ZodDefault) {
    const inner = unwrapped(schema.unwrap() as z.ZodType);
    return { schema: inner.schema, about: about ?? inner.about, preset: presetText(schema) };
  }
  if (schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional) {
    const inner = unwrapped(schema.unwrap() as z.ZodType);
    return { schema: inner.schema, about: about ?? inner.about, preset: prefaultText(schema) };
  }
  if (schema instanceof z.ZodPipe && meta?.allowed === undefined) {
    // A transformation has no shape of its own that a user could write, so the other part of the pipe is used.
    const written = schema.in instanceof z.ZodTransform ? schema.out : schema.in;
    const inner = unwrapped(written as z.ZodType);
    return { schema: inner.schema, about: about ?? inner.about, preset: inner.preset };
  }
  return { schema, about, preset: 'required' };
}

/** A prefault of a mapping only fills in what is in the mapping, each with a default of its own. */
function prefaultText(schema: z.ZodPrefault | z.ZodOptional): string {
  const value = schema instanceof z.ZodPrefault ? schema.def.defaultValue : null;
  return typeof value === 'number' || typeof value === 'string' ? `\`${value}\`` : 'optional';
}

function presetText(schema: z.ZodDefault): string {
  const value = schema.def.defaultValue;
  const isDuration = (schema.unwrap() as z.ZodType).meta()?.isDuration === true;
  return `\`${isDuration ? durationText(Number(value)) : typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function allowedOf(schema: z.ZodType): string {
  const { schema: bare } = unwrapped(schema);
  const allowed = bare.meta()?.allowed;
  if (typeof allowed === 'string') return allowed;
  const isMapping = bare instanceof z.ZodObject || bare instanceof z.ZodUnion;
  return isMapping ? 'a mapping, see below' : 'any value';
}
