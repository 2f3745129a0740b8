import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** Every document that people read: its path in the repository and its text. */
export const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...['docs', 'examples', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md') && !/(?:^|\/)(?:node_modules|cdk\.out)\//.test(name))
      .map((name) => `${folder}/${name}`),
  ),
].map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));

/** What begins a command in a document, in a sentence or in a block. */
const programs = ['cdk-failover', 'npx', 'npm', 'cdk', 'node', 'bash', '.ci/run'];

/** A block of code, with the language that it names. */
export interface CodeBlock {
  readonly language: string;
  readonly text: string;
}

/** Blocks of code of a document. */
export function blocksIn(text: string): readonly CodeBlock[] {
  return [...text.matchAll(/^ *```([a-z]*)\n([\s\S]*?)^ *```/gm)].map(([, language = '', block = '']) => ({
    language,
    text: block,
  }));
}

/** Commands of a document as people type them, each once: the lines of its `sh` blocks, and those in sentences. */
export function commandsIn(text: string): readonly string[] {
  const lines = blocksIn(text).flatMap((block) =>
    block.language === 'sh' ? block.text.replace(/\\\n\s*/g, '').split('\n') : [],
  );
  const prose = text.replace(/^ *```[\s\S]*?^ *```/gm, '');
  const spans = [...prose.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span.replace(/\s+/g, ' '));
  const named = spans.filter((span) => programs.some((program) => span.startsWith(`${program} `)));
  return [...new Set([...lines, ...named].flatMap(commandsOfLine))];
}

/** A line has several commands, a comment at its end, and three dots for what may be repeated. */
function commandsOfLine(line: string): readonly string[] {
  const bare = line.replace(/(?:^|\s)#.*$/, '').replace(/^\$ /, '');
  return bare
    .split('&&')
    .map((part) => part.replace(/\s*\.\.\.\s*$/, '').trim())
    .filter((part) => part !== '' && !programs.includes(part.replace(/^npx /, '')));
}

/** Lines that look like commands and stand in a block that does not say so. */
export function unmarkedCommandsIn(text: string): readonly string[] {
  const others = blocksIn(text).filter(({ language }) => language === '');
  return others
    .flatMap((block) => block.text.split('\n'))
    .filter((line) => /^(?:\$ |npx |npm |cdk-failover \w)/.test(line));
}

/** Folders of the repository whose paths documents name. */
const folders = 'bench bin docs examples lambda lib scenarios scripts src test types website';

/** Paths of the repository in sentences. One with a word in capitals stands for many; what is in `out` is made. */
export function pathsIn(text: string): readonly string[] {
  const prose = text.replace(/^ *```[\s\S]*?^ *```/gm, '');
  const spans = [...prose.matchAll(/`([\w.-]+\/[\w./-]*)`/g)].map(([, span = '']) => span);
  const isOfUs = (path: string) => folders.split(' ').includes(path.split('/')[0] ?? '') && !path.includes('/out/');
  return [
    ...new Set(spans.filter((path) => isOfUs(path) && !/\b[A-Z]+\b/.test(path.replace(/README|ARCHITECTURE/, '')))),
  ];
}

/** Configurations that a document shows whole. */
export function configurationsIn(text: string): readonly string[] {
  return blocksIn(text)
    .filter(({ language, text: block }) => language === 'yaml' && /^name: /m.test(block) && /^services:/m.test(block))
    .map((block) => block.text);
}
