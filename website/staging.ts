/** Writes the documents as VitePress takes them. What is only in the repository is linked where the repository is. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { documents, examples, out, pageOf, root, textOf, titleOf } from './pages.ts';

/** Where the repository is read. */
export const repository: string = JSON.parse(textOf('package.json')).homepage.replace(/#.*$/, '');

/** Folder of the pages. */
export const pages: string = join(out, 'pages');

const pictures = 'docs/pictures';

/**
 * A link of a document, as its page has it.
 *
 * @param file - the document that holds the link
 * @returns null when it leads nowhere
 */
export function pageLink(file: string, link: string): string | null {
  if (/^(?:[a-z]+:|#)/.test(link)) return link;
  const [path = '', anchor] = link.split('#');
  const target = posix.join(posix.dirname(file), path).replace(/\/$/, '');
  const here = posix.dirname(pageOf(file) ?? '');
  const page = pageOf(target);
  const end = anchor === undefined ? '' : `#${anchor}`;
  if (page !== null) return `${posix.relative(here, page)}${end}`;
  if (!existsSync(join(root, target))) return null;
  if (/\.svg$/.test(target)) return `/${target}`;
  const sort = statSync(join(root, target)).isDirectory() ? 'tree' : 'blob';
  return `${repository}/${sort}/main/${target}${end}`;
}

/** Text of a document with the links of its page, and what of them leads nowhere. */
interface Page {
  readonly text: string;
  readonly dead: readonly string[];
}

/** Blocks and spans of code stay as they are. A link that shows the path of a page shows its title instead. */
export function pageFrom(file: string, text: string): Page {
  const dead: string[] = [];
  const moved = (whole: string, before: string, link: string, after: string) => {
    const to = pageLink(file, link);
    if (to === null) dead.push(`${file}: ${link}`);
    return to === null ? whole : `${before}${to}${after}`;
  };
  const titled = (whole: string, path: string) => (documents.includes(path) ? `[${titleOf(path)}](` : whole);
  const pieces = text.split(/(^```[\s\S]*?^```$|`[^`\n]+`)/m).map((piece, index) => {
    if (index % 2 === 1) return piece;
    return piece
      .replace(/\[([\w./-]+\.md)\]\(/g, titled)
      .replace(/(\]\()([^)\s]+)(\))/g, moved)
      .replace(/(\bsrc=")([^"]+)(")/g, moved);
  });
  return { text: pieces.join(''), dead };
}

/** The page of an example: what its files say. */
function examplePage(name: string): string {
  const [, about = ''] =
    /^# (?!yaml-language-server)(.+)$/m.exec(textOf(`examples/${name}/failover.config.yaml`)) ?? [];
  const code = (file: string, language: string) =>
    `## ${file}\n\n\`\`\`${language}\n${textOf(`examples/${name}/${file}`).trim()}\n\`\`\`\n`;
  return [
    `# ${name}\n`,
    `${about}\n`,
    `The folder, to be copied: [examples/${name}](${repository}/tree/main/examples/${name}).\n`,
    code('failover.config.yaml', 'yaml'),
    code('app.ts', 'ts'),
  ].join('\n');
}

function write(page: string, text: string): void {
  mkdirSync(dirname(join(pages, page)), { recursive: true });
  writeFileSync(join(pages, page), text);
}

/** Text of a page that is made from docstrings: a document that one names becomes a link. */
export function linkedText(text: string): string {
  return text.replace(/(?<![\w/`(])docs\/[\w/-]+\.md/g, (file) => {
    const page = pageOf(file);
    return page === null ? file : `[${titleOf(file)}](/${page})`;
  });
}

/** Links the documents that the pages of the API name; to be called once they are written. */
export function linkApi(): void {
  const folder = join(pages, 'api');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    if (name.endsWith('.md')) writeFileSync(path, linkedText(readFileSync(path, 'utf8')));
  }
}

/**
 * Writes all pages anew.
 *
 * @returns links that lead nowhere, each with its document
 */
export function stage(): readonly string[] {
  rmSync(out, { recursive: true, force: true });
  const staged = documents.map((file) => ({ file, ...pageFrom(file, textOf(file)) }));
  for (const { file, text } of staged) write(pageOf(file) ?? file, text);
  for (const name of examples) write(`examples/${name}.md`, examplePage(name));
  if (existsSync(join(root, pictures))) {
    cpSync(join(root, pictures), join(pages, 'public', pictures), { recursive: true });
  }
  return staged.flatMap(({ dead }) => dead);
}
