import { expect, test } from 'vitest';
import { unwantedFiles } from '../../../scripts/package-check/tarball.ts';
import { repositoryFiles } from '../../support/repository-files.ts';

const tree = repositoryFiles();
const textOf = (path: string) => tree.find((file) => file.path === path)?.text ?? '';

/** Where a reader of README.md is led, by path. CONTRIBUTING.md is for whoever has a clone. */
const linked = [...textOf('README.md').matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)]
  .map(([, path = '']) => path)
  .filter((path) => path !== 'CONTRIBUTING.md');

const { files } = JSON.parse(textOf('package.json')) as { readonly files: readonly string[] };

/** Whether the package holds a file of the repository; `*` stands for a part of its path. */
function isPacked(path: string): boolean {
  return files.some((form) => {
    const [start = '', end] = form.split('*');
    return end === undefined
      ? path === form || path.startsWith(`${form}/`)
      : path.startsWith(start) && path.endsWith(end);
  });
}

test('whoever has only the package can follow each link of README.md', () => {
  expect(linked.length).toBeGreaterThan(20);
  expect(linked.filter((path) => !isPacked(path))).toEqual([]);
});

test('whoever has only the package has each page and each example', () => {
  const named = tree.map(({ path }) => path).filter((path) => /^(docs|examples)\//.test(path));

  expect(named.filter((path) => !isPacked(path))).toEqual([]);
  expect(unwantedFiles(named)).toEqual([]);
});
