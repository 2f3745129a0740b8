import { aboutKey, inputSchema, type JsonSchema } from './json-schema.ts';

/**
 * Makes `src/config/input/` from the schema: the types of what a user writes in TypeScript.
 *
 * The type that zod infers from the schema would be enough for the compiler. These types are for people: an editor
 * shows the schema's text for each key, the declarations need no other package, and names of sites are checked against
 * the declared ones.
 */

/** A type that gets a name and a file of its own. All other types are written inline. */
interface Cut {
  /** Keys from the top, `*` for a name that the user chooses, `[]` for an item, `|https` for one of several forms. */
  readonly path: string;
  readonly name: string;
  readonly about: string;
}

const cuts: readonly Cut[] = [
  { path: '', name: 'DeploymentInput', about: 'All that a user says of one deployment.' },
  { path: 'services.*', name: 'ServiceInput', about: 'What fails over as one.' },
  { path: 'services.*.sites.*', name: 'SiteInput', about: 'A place where a service runs.' },
  { path: 'services.*.sites.*.scale.[]', name: 'ScaleInput', about: 'A thing that is raised or started.' },
  { path: 'services.*.sites.*.measures', name: 'MeasuresInput', about: 'Where facts of a site come from.' },
  { path: 'services.*.sites.*.probes.[]', name: 'ProbeInput', about: 'One check of a site.' },
  { path: 'services.*.sites.*.probes.[]|https', name: 'PageProbeInput', about: 'A request for a page.' },
  { path: 'services.*.sites.*.fence', name: 'FenceInput', about: 'How a site is cut off from clients.' },
  { path: 'services.*.detection', name: 'DetectionInput', about: 'When a site counts as down, and as up again.' },
  { path: 'services.*.failover', name: 'FailoverInput', about: 'When and how far a service moves by itself.' },
  { path: 'services.*.traffic', name: 'TrafficInput', about: 'What steers the clients of a service.' },
  { path: 'services.*.traffic.dns', name: 'DnsInput', about: 'A record that follows the serving sites.' },
  { path: 'services.*.data', name: 'DataInput', about: 'Data that is promoted before a site serves.' },
];

const lineLengthMax = 120;

const siteNames = [
  '/** The sites of each service, by name. Names of sites elsewhere are checked against these. */',
  'export type SiteNames = Readonly<Record<string, Readonly<Record<string, unknown>>>>;',
  '',
];

/** The files of `src/config/input/`, text by name, as the formatter leaves them alone. */
export function inputTypeFiles(): ReadonlyMap<string, string> {
  const root = inputSchema();
  return new Map(cuts.map((cut) => [fileNameOf(cut), fileOf(cut, root)]));
}

function fileNameOf({ name }: Cut): string {
  const noun = name.replace(/Input$/, '');
  return `${noun.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase()}.ts`;
}

function fileOf(cut: Cut, root: JsonSchema): string {
  const schema = schemaAt(root, cut.path);
  const used = new Set<Cut>();
  const body = typeOf(schema, cut.path, { indent: '', used, isTop: true });
  const imports = [...used]
    .sort((one, other) => (fileNameOf(one) < fileNameOf(other) ? -1 : 1))
    .map((other) => `import type { ${other.name} } from './${fileNameOf(other)}';`);
  const head = [...imports, ...(imports.length > 0 ? [''] : [])];
  const declaration = `${declarationOf(cut, schema)}${body}`;
  const isInterface = declaration.startsWith('export interface');
  return `${[
    '// Made from the schema in src/config/schema/ by `npm run docs`; do not edit.',
    ...head,
    ...(cut.path === '' ? siteNames : []),
    ...docOf([cut.about], ''),
    `${declaration}${isInterface ? '' : ';'}`,
  ].join('\n')}\n`;
}

function declarationOf({ name, path }: Cut, schema: JsonSchema): string {
  if (path === '') return `export interface ${name}<Services extends SiteNames = SiteNames> `;
  const parameter = namesSites(schema) ? '<Sites = Readonly<Record<string, unknown>>>' : '';
  return schema.properties ? `export interface ${name}${parameter} ` : `export type ${name}${parameter} =`;
}

/** Whether a schema contains names of sites. */
function namesSites(schema: JsonSchema): boolean {
  const below = [
    ...Object.values(schema.properties ?? {}),
    ...(schema.additionalProperties ? [schema.additionalProperties] : []),
    ...(schema.propertyNames ? [schema.propertyNames] : []),
    ...(schema.items ? [schema.items] : []),
    ...variantsOf(schema),
  ];
  return schema.names === 'site' || below.some(namesSites);
}

function variantsOf({ anyOf, oneOf }: JsonSchema): readonly JsonSchema[] {
  return anyOf ?? oneOf ?? [];
}

function schemaAt(root: JsonSchema, path: string): JsonSchema {
  return path
    .split(/\.|(?=\|)/)
    .filter((key) => key !== '')
    .reduce((schema, key) => {
      const below = belowOf(schema, key);
      if (!below) throw new TypeError(`${path}: the schema has no ${key}`);
      return below;
    }, root);
}

function belowOf(schema: JsonSchema, key: string): JsonSchema | undefined {
  if (key.startsWith('|')) return variantsOf(schema).find((variant) => formOf(variant) === key.slice(1));
  if (key === '*') return schema.additionalProperties || undefined;
  return key === '[]' ? schema.items : schema.properties?.[key];
}

/** The first word by which a form of several is chosen; empty for one that is not chosen by a word. */
function formOf({ properties }: JsonSchema): string {
  return properties?.type?.enum?.[0] ?? properties?.kind?.enum?.[0] ?? '';
}

interface Place {
  readonly indent: string;
  readonly used: Set<Cut>;
  readonly isTop?: boolean;
}

function typeOf(schema: JsonSchema, path: string, place: Place): string {
  const cut = cuts.find((candidate) => candidate.path === path);
  if (cut && place.isTop !== true) {
    place.used.add(cut);
    return `${cut.name}${namesSites(schema) && path !== '' ? '<Sites>' : ''}`;
  }
  const inner = { ...place, isTop: false };
  const variants = variantsOf(schema);
  if (variants.length > 0) return unionOf(variants, path, { ...place, isTop: place.isTop ?? false });
  if (schema.enum) return schema.enum.map((word) => `'${word}'`).join(' | ');
  if (schema.properties) return mappingOf(schema, path, inner);
  if (schema.additionalProperties) return namedOf(schema, path, inner);
  if (schema.items) {
    const item = typeOf(schema.items, `${path}.[]`, inner);
    return item.includes('\n') || item.includes('|') ? `readonly (${item})[]` : `readonly ${item}[]`;
  }
  if (schema.isDuration === true) return 'number | string';
  if (schema.names === 'site') return 'NoInfer<keyof Sites>';
  const words = typeof schema.type === 'object' ? schema.type : [String(schema.type)];
  return words.map((word) => typeByWord[word] ?? 'string').join(' | ');
}

const typeByWord: Readonly<Record<string, string>> = {
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
};

function unionOf(variants: readonly JsonSchema[], path: string, place: Place): string {
  const isTop = place.isTop === true;
  const indent = isTop ? '  ' : place.indent;
  const texts = variants.map((variant) =>
    typeOf(variant, `${path}|${formOf(variant)}`, { used: place.used, indent: isTop ? '    ' : indent }),
  );
  return isTop ? texts.map((text) => `\n  | ${text}`).join('') : texts.join(' | ');
}

/** The type of a mapping by name. Names of sites must be declared ones, and each may be left out. */
function namedOf({ propertyNames, additionalProperties }: JsonSchema, path: string, place: Place): string {
  const value = typeOf(additionalProperties as JsonSchema, `${path}.*`, place);
  if (path === 'services')
    return `{ readonly [Name in keyof Services]: ${value.replace('<Sites>', '<Services[Name]>')} }`;
  if (propertyNames?.names !== 'site') return `{ readonly [name: string]: ${value} }`;
  return path === 'services.*.sites'
    ? `{ readonly [Name in keyof Sites]: ${value} }`
    : `{ readonly [Name in NoInfer<keyof Sites>]?: ${value} }`;
}

function mappingOf({ properties = {}, required = [] }: JsonSchema, path: string, place: Place): string {
  const indent = `${place.indent}  `;
  const lines = Object.entries(properties).flatMap(([key, schema]) => {
    const type = typeOf(schema, path === '' ? key : `${path}.${key}`, { ...place, indent });
    const isNeeded = required.includes(key);
    const mark = isNeeded ? '' : '?';
    const absent = isNeeded ? '' : ' | undefined';
    return [...docOf(aboutKey(schema), indent), `${indent}readonly ${key}${mark}: ${type}${absent};`];
  });
  return `{\n${lines.join('\n')}\n${place.indent}}`;
}

/** A comment, on one line where it fits. */
function docOf(sentences: readonly string[], indent: string): readonly string[] {
  if (sentences.length === 0) return [];
  const text = sentences.join(' ').replaceAll('*/', '*\\/');
  const single = `${indent}/** ${text} */`;
  if (single.length <= lineLengthMax) return [single];
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    const longer = last === '' ? word : `${last} ${word}`;
    if (`${indent} * ${longer}`.length > lineLengthMax) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`), `${indent} */`];
}
