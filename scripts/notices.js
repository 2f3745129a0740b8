/**
 * Writes `dist/THIRD-PARTY-NOTICES.txt`: the licences of the packages whose code is in the bundles. The builds note
 * which these are; run as a program, this writes the file from their notes.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = resolve(import.meta.dirname, '..');
const folder = join(root, 'out', 'bundled');

/**
 * Notes the packages that are in some bundles.
 *
 * @param name - of the build
 * @param metafiles - as esbuild returns them
 */
export function noteBundled(name, metafiles) {
  const inputs = metafiles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap((output) => Object.keys(output.inputs)),
  );
  const packages = inputs.flatMap((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), JSON.stringify([...new Set(packages)].sort()));
}

/** A package as the notices name it, and the text of its licence. */
function licenceOf(path) {
  const { name, version, license } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
  const file = readdirSync(join(root, path)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? `Licence: ${license}` : readFileSync(join(root, path, file), 'utf8').trim();
  return { title: `${name} ${version} (${license})`, text };
}

function noticesText() {
  const notes = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
  const titlesByText = new Map();
  for (const { title, text } of [...new Set(notes.flat())].sort().map(licenceOf)) {
    titlesByText.set(text, [...(titlesByText.get(text) ?? []), title]);
  }
  const parts = [...titlesByText].map(([text, titles]) => `${[...new Set(titles)].join('\n')}\n\n${text}`);
  const head = 'The programs in this package contain code of these packages, under these licences.';
  return `${[head, ...parts].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (!existsSync(folder)) throw new Error('nothing is built: run "npm run build"');
  writeFileSync(join(root, 'dist', 'THIRD-PARTY-NOTICES.txt'), noticesText());
}
