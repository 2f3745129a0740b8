import { posix } from 'node:path';
import { importsOf } from './imports.ts';
import { layeredFolders, layerOf, mayUsePackage } from './layers.ts';
import {
  isNode,
  isProgram,
  lineAt,
  nameOf,
  nodesOf,
  nodesOfType,
  type SourceText,
  type SyntaxNode,
  textOf,
} from './syntax.ts';

/** One breach of a rule: where it is and what is wrong. */
export interface Breach {
  /** 1-based. */
  readonly line: number;
  readonly message: string;
}

/** A rule about one file. Pure: the same path and text give the same breaches. */
export type Rule = (source: SourceText) => readonly Breach[];

/** Longest file and function, in lines, and longest handler of a function on AWS. Source: CONTRIBUTING.md. */
export const lineLimits = { file: 400, function: 70, handler: 80 } as const;

/** Every rule, by the fact that it holds. */
export const rules = {
  'a layer imports only what the table allows it': layerRule,
  'the environment is read in src/config/env.ts only': environmentRule,
  'time and timers come from src/adapters/system only': timeRule,
  'randomness comes from src/adapters/system/rng.ts only': randomnessRule,
  'SDK clients are made in src/adapters/aws/clients.ts only': sdkClientRule,
  'only configuration files have a default export': defaultExportRule,
  'a file is named by one noun, in kebab-case': fileNameRule,
  'files and functions fit their limits': lengthRule,
  'a name that measures something says its unit': unitRule,
  'every export has a docstring': docstringRule,
  'no line of prose is over 120 columns': proseWidthRule,
  'the lock file names no registry': lockFileRule,
  'no path of one particular machine': machinePathRule,
  'nothing is left to do, to skip or to ignore': leftoverRule,
} as const satisfies Record<string, Rule>;

const isSource = (path: string) => layeredFolders.some((folder) => path.startsWith(folder));
const isTest = (path: string) => path.startsWith('test/');

/** Makes the breach that a node is. */
function breachAt(source: SourceText, node: SyntaxNode, message: string): Breach {
  return { line: lineAt(source, node.start), message };
}

/** Breaches of all matches of a global pattern in the bare text. */
function matchBreaches(source: SourceText, pattern: RegExp, messageOf: (match: string) => string): readonly Breach[] {
  return [...source.text.matchAll(pattern)].map((match) => ({
    line: lineAt(source, match.index),
    message: messageOf(match[0]),
  }));
}

function layerRule(source: SourceText): readonly Breach[] {
  if (!isSource(source.path)) return [];
  const layer = layerOf(source.path);
  if (!layer) return [{ line: 1, message: 'is in no layer of the table' }];

  return importsOf(source).flatMap(({ node, specifier, isTypeOnly }) => {
    if (specifier === null) return [breachAt(source, node, 'imports something computed')];
    const breach = breachAt(source, node, `${layer.name} imports ${specifier}`);
    if (!specifier.startsWith('.')) return mayUsePackage(layer, specifier) ? [] : [breach];
    const target = posix.join(posix.dirname(source.path), specifier);
    const name = layerOf(target)?.name;
    const isAllowed =
      name === undefined
        ? layer.files.includes(target)
        : name === layer.name || layer.layers.includes(name) || (isTypeOnly && layer.typesOf.includes(name));
    return isAllowed ? [] : [breach];
  });
}

function environmentRule(source: SourceText): readonly Breach[] {
  if (!isSource(source.path) || source.path === 'src/config/env.ts') return [];
  const reads = memberReads(source, { process: ['env'] });
  const imports = nodesOfType(source, 'ImportSpecifier').filter((node) => nameOf(node.imported) === 'env');
  return [...reads, ...imports].map((node) => breachAt(source, node, 'reads the environment'));
}

/** The client library is apart: whoever imports it gets nothing of the adapters. */
const clientSystemPath = 'src/client/system.ts';

/** What runs in a browser has no ports: the browser's own clock is all there is. */
const browserFolder = 'src/dashboard/browser/';

const timers = ['setTimeout', 'setInterval', 'setImmediate'];

function timeRule(source: SourceText): readonly Breach[] {
  if (!isSource(source.path) || source.path.startsWith('src/adapters/system/')) return [];
  if (source.path === clientSystemPath || source.path.startsWith(browserFolder)) return [];
  const isAdapter = source.path.startsWith('src/adapters/') || source.path.startsWith('lib/');
  const clocks = memberReads(source, {
    Date: ['now'],
    process: ['hrtime', 'uptime'],
    // Adapters measure latencies and give a call its deadline; both are about real sockets.
    ...(isAdapter ? {} : { performance: ['now'], AbortSignal: ['timeout'] }),
  });
  const nows = nodesOfType(source, 'NewExpression', 'CallExpression').filter(
    (node) =>
      nameOf(node.callee) === 'Date' &&
      (node.type === 'CallExpression' || (node.arguments as readonly unknown[]).length === 0),
  );
  const imports = importsOf(source).filter(({ specifier }) => /^node:(timers|perf_hooks)/.test(specifier ?? ''));
  return [...clocks, ...globalTimers(source), ...nows, ...imports.map(({ node }) => node)].map((node) =>
    breachAt(source, node, `takes time from elsewhere: ${textOf(source, node)}`),
  );
}

/** Timers by their bare names or through `globalThis`; a socket's own `setTimeout` is another thing. */
function globalTimers(source: SourceText): readonly SyntaxNode[] {
  const foreign = new Set(
    nodesOfType(source, 'MemberExpression')
      .filter((node) => nameOf(node.object) !== 'globalThis')
      .map((node) => node.property),
  );
  return nodesOfType(source, 'Identifier').filter((node) => timers.includes(nameOf(node) ?? '') && !foreign.has(node));
}

function randomnessRule(source: SourceText): readonly Breach[] {
  if (!isSource(source.path) || source.path === 'src/adapters/system/rng.ts') return [];
  if (source.path === clientSystemPath) return [];
  return memberReads(source, { Math: ['random'] }).map((node) => breachAt(source, node, 'draws from Math.random'));
}

/** Reads of `object.property` and of the same by `globalThis.object.property`. */
function memberReads(
  source: SourceText,
  properties: Readonly<Record<string, readonly string[]>>,
): readonly SyntaxNode[] {
  return nodesOfType(source, 'MemberExpression').filter((node) => {
    const object = isNode(node.object) && node.object.type === 'MemberExpression' ? node.object.property : node.object;
    const name = nameOf(object) ?? '';
    return Object.hasOwn(properties, name) && (properties[name] ?? []).includes(nameOf(node.property) ?? '');
  });
}

function sdkClientRule(source: SourceText): readonly Breach[] {
  if (!isSource(source.path) || source.path === 'src/adapters/aws/clients.ts') return [];
  if (!importsOf(source).some(({ specifier }) => specifier?.startsWith('@aws-sdk/'))) return [];
  return nodesOfType(source, 'NewExpression')
    .filter((node) => /^[A-Z]\w*Client$/.test(nameOf(node.callee) ?? ''))
    .map((node) => breachAt(source, node, `makes a client: ${textOf(source, node)}`));
}

function defaultExportRule(source: SourceText): readonly Breach[] {
  if (/(?:\.config|\.d|^website\/\.vitepress\/config)\.ts$/.test(source.path)) return [];
  const declarations = nodesOfType(source, 'ExportDefaultDeclaration');
  const renamed = nodesOfType(source, 'ExportSpecifier').filter((node) => nameOf(node.exported) === 'default');
  return [...declarations, ...renamed].map((node) => breachAt(source, node, 'has a default export'));
}

const bags = ['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'types', 'index'];

/** Words that are no nouns; a name neither begins nor ends with one. Each has been the name of a file. */
const verbs =
  'apply attend connect drive expect explain gather give insist listen look note observe operate perform say show steady tell where'.split(
    ' ',
  );
/** Words that a name may begin with and not end with. */
const attributes = 'after all closest grey same strict unavailable'.split(' ');

function fileNameRule({ path }: SourceText): readonly Breach[] {
  if (!isProgram(path)) return [];
  const [stem = '', ...suffixes] = posix.basename(path).split('.');
  if (bags.includes(stem)) return [{ line: 1, message: `"${stem}" says nothing about what is in it` }];
  const [first = '', last = first] = [stem.split('-')[0], stem.split('-').at(-1)];
  const wrong = [first, last].find((word) => verbs.includes(word)) ?? attributes.find((word) => word === last);
  if (wrong !== undefined) return [{ line: 1, message: `"${wrong}" is no noun` }];
  const isKebab = [stem, ...suffixes].every((part) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(part));
  return isKebab ? [] : [{ line: 1, message: 'is not kebab-case' }];
}

function lengthRule(source: SourceText): readonly Breach[] {
  if (!isProgram(source.path) || isTest(source.path)) return [];
  const breaches: Breach[] = [];
  const lineCount = source.text.trimEnd().split('\n').length;
  const lineCountMax = source.path.endsWith('.lambda.ts') ? lineLimits.handler : lineLimits.file;
  if (lineCount > lineCountMax) breaches.push({ line: 1, message: `has ${lineCount} lines of ${lineCountMax}` });

  for (const node of nodesOfType(source, 'FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression')) {
    const bodyLines = textOf(source, node.body as SyntaxNode).split('\n');
    const count = bodyLines.filter((line) => line.trim() !== '').length;
    if (count > lineLimits.function) {
      breaches.push(breachAt(source, node, `a function has ${count} lines of ${lineLimits.function}`));
    }
  }
  return breaches;
}

const unitless = ['timeout', 'interval', 'ttl', 'timestamp'];

/** Kinds of nodes that declare a property, and where the name is. */
const propertyKinds = ['TSPropertySignature', 'TSMethodSignature', 'PropertyDefinition', 'MethodDefinition'];

function unitRule(source: SourceText): readonly Breach[] {
  if (!isSource(source.path)) return [];
  const isAdapter = source.path.startsWith('src/adapters/') || source.path.startsWith('lib/');
  return nodesOf(source)
    .flatMap((node) => namesDeclaredBy(node, isAdapter))
    .filter((part) => unitless.includes(nameOf(part) ?? ''))
    .map((part) => breachAt(source, part, `"${nameOf(part)}" does not say in what unit`));
}

function namesDeclaredBy(node: SyntaxNode, isAdapter: boolean): readonly SyntaxNode[] {
  const parts: unknown[] = [];
  if (propertyKinds.includes(node.type)) parts.push(node.key);
  if (node.type === 'VariableDeclarator') parts.push(node.id);
  if (node.type === 'AssignmentPattern') parts.push(node.left);
  if (node.type === 'TSParameterProperty') parts.push(node.parameter);
  if (Array.isArray(node.params)) parts.push(...node.params);
  const properties = Array.isArray(node.properties) ? node.properties.filter(isNode) : [];
  // A pattern's key belongs to whoever made the object; its value is the name that is declared here.
  if (node.type === 'ObjectPattern') parts.push(...properties.map(({ value }) => value));
  // An adapter, and a construct, fills in the objects of other people's interfaces, which have names of their own.
  if (node.type === 'ObjectExpression' && !isAdapter) parts.push(...properties.map(({ key }) => key));
  return parts.filter(isNode);
}

function docstringRule(source: SourceText): readonly Breach[] {
  if (!isSource(source.path) || source.path.endsWith('.d.ts')) return [];
  const documented = new Set<string>();
  return nodesOfType(source, 'ExportNamedDeclaration', 'ExportDefaultDeclaration').flatMap((node) => {
    if (!isNode(node.declaration)) return [];
    const name = exportedName(node.declaration);
    // An overload's docstring serves the signatures that follow it.
    if (documented.has(name)) return [];
    documented.add(name);
    const before = source.text.slice(0, node.start).trimEnd();
    return before.endsWith('*/') ? [] : [breachAt(source, node, `${name} has no docstring`)];
  });
}

function exportedName(declaration: SyntaxNode): string {
  const [first] = Array.isArray(declaration.declarations) ? declaration.declarations : [declaration];
  return nameOf(isNode(first) ? first.id : null) ?? 'an export';
}

/** Widest line of prose, as of code. Source: biome.json. */
const proseColumnsMax = 120;
/** Pages that a script writes from the schema: their sentences are the schema's, one a line. */
const generatedPages = ['docs/config.md', 'docs/lint.md', 'docs/modes.md'];

/** Comments and docstrings; in a document whatever is no table, no block of code and no long link. */
function proseWidthRule({ path, text }: SourceText): readonly Breach[] {
  const isDocument = path.endsWith('.md');
  if ((!isDocument && !isProgram(path)) || generatedPages.includes(path)) return [];
  let isCode = false;
  return text.split('\n').flatMap((line, index) => {
    if (isDocument && line.trimStart().startsWith('```')) isCode = !isCode;
    const isProse = isDocument ? !isCode && !/^\s*\||^\s*\S+$/.test(line) : /^\s*(\*|\/\/|\/\*\*)/.test(line);
    if (!isProse || line.length <= proseColumnsMax) return [];
    return [{ line: index + 1, message: `has ${line.length} columns of ${proseColumnsMax}` }];
  });
}

function lockFileRule(source: SourceText): readonly Breach[] {
  if (posix.basename(source.path) !== 'package-lock.json') return [];
  return matchBreaches(source, /"resolved"/g, () => 'names where a package came from');
}

function machinePathRule(source: SourceText): readonly Breach[] {
  return matchBreaches(source, /(?<![\w.*-])\/(?:work|root|home)\/[\w.-]*/g, (path) => `names ${path}`);
}

/** In pieces, so that these lines do not name what they look for. */
const unfinished = new RegExp(
  `\\b(?:${['TO', 'DO'].join('')}|${['FIX', 'ME'].join('')}|${['XX', 'X'].join('')})\\b`,
  'g',
);
const silenced = new RegExp(`@${'ts-'}(?:ignore|nocheck)`, 'g');

function leftoverRule(source: SourceText): readonly Breach[] {
  const marks = matchBreaches(source, unfinished, (mark) => `says ${mark}`);
  const silencings = matchBreaches(source, silenced, (mark) => `silences the compiler with ${mark}`);
  const anys = nodesOfType(source, 'TSAsExpression')
    .filter((node) => isNode(node.typeAnnotation) && node.typeAnnotation.type === 'TSAnyKeyword')
    .map((node) => breachAt(source, node, 'casts to any'));
  const tests = nodesOfType(source, 'MemberExpression')
    .filter((node) => /^(it|test|describe|suite|bench)\b[.\w]*\.(only|skip|todo|fails)$/.test(textOf(source, node)))
    .map((node) => breachAt(source, node, `leaves tests out: ${textOf(source, node)}`));
  return [...marks, ...silencings, ...anys, ...tests];
}
