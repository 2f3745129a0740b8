/** How VitePress builds the pages that staging.js writes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { out, sidebar, textOf } from '../pages.ts';
import { pages, repository } from '../staging.ts';

const manifest = JSON.parse(textOf('package.json'));

/** Read by VitePress. */
export default {
  title: manifest.name,
  description: manifest.description,
  lang: 'en',
  srcDir: pages,
  outDir: join(out, 'html'),
  cacheDir: join(out, 'cache'),
  cleanUrls: true,
  metaChunk: true,
  lastUpdated: false,
  // The index of the search and the page of the constructs are each one chunk, read when they are asked for.
  vite: { build: { chunkSizeWarningLimit: 2_000 } },
  head: [['style', {}, readFileSync(join(import.meta.dirname, 'style.css'), 'utf8')]],
  themeConfig: {
    search: { provider: 'local' },
    outline: { level: [2, 3] },
    sidebar: sidebar(),
    nav: [
      { text: 'Getting started', link: '/getting-started' },
      { text: 'Configuration', link: '/config' },
      { text: 'Runbook', link: '/runbook' },
    ],
    socialLinks: [{ icon: 'github', link: repository }],
    docFooter: { prev: 'Before', next: 'Next' },
  },
};
