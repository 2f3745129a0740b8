import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { faultsOfSite } from '../../../website/site-check.ts';

/** Faults of a site of these files. */
function faultsOf(files: Readonly<Record<string, string>>): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'site-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return faultsOfSite(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a site whose links all lead somewhere has no faults', () => {
  const index = '<a href="/data#order">x</a><a href="./adr/one">y</a><a href="/adr/">z</a><a href="https://x.example">';
  const one = '<h1 id="one">1</h1><a href="#one">x</a><a href="/">y</a><a href="/lib.svg">z</a>';

  const faults = faultsOf({
    'index.html': index,
    'data.html': '<h2 id="order">Order</h2>',
    'adr/one.html': one,
    'adr/index.html': '',
    'lib.svg': '<svg/>',
  });

  expect(faults).toEqual([]);
});

test.each([
  ['<a href="/gone">x</a>', 'index.html: no page /gone'],
  ['<a href="/#gone">x</a>', 'index.html: no heading /#gone'],
  ['<a href="#gone">x</a>', 'index.html: no heading #gone'],
  ['<script src="https://cdn.example/x.js"></script>', 'index.html: loads https://cdn.example/x.js'],
  ['<link rel="stylesheet" href="//cdn.example/x.css">', 'index.html: loads //cdn.example/x.css'],
  ['<img alt="" src="https://cdn.example/x.png">', 'index.html: loads https://cdn.example/x.png'],
])('finds the fault in a page that says %s', (html, fault) => {
  expect(faultsOf({ 'index.html': html })).toEqual([fault]);
});

test('finds a style that loads a font from elsewhere', () => {
  const faults = faultsOf({ 'index.html': '', 'style.css': '@font-face { src: url(https://fonts.example/x.woff2) }' });

  expect(faults).toEqual(['style.css: loads https://fonts.example/x.woff2']);
});
