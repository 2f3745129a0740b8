/** Which documents are pages of the site, in the order in which one reads them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Root of the repository. */
export const root: string = resolve(import.meta.dirname, '..');

/** What is written here is thrown away: the pages as VitePress takes them, the site, and the caches. */
export const out: string = join(import.meta.dirname, 'out');

/** The parts of the sidebar; each document by its path in the repository. */
const parts = [
  {
    text: 'Begin',
    files: [
      'README.md',
      'docs/getting-started.md',
      'docs/modes.md',
      'docs/compare.md',
      'docs/benchmarks.md',
      'docs/constructs.md',
    ],
  },
  {
    text: 'Declare',
    files: [
      'docs/health-answers.md',
      'docs/standby.md',
      'docs/sites/functions.md',
      'docs/sites/outside.md',
      'docs/sites/accounts.md',
      'docs/data.md',
      'docs/traffic/addresses.md',
      'docs/traffic/accelerator.md',
      'docs/traffic/routing-controls.md',
      'docs/traffic/zonal-shift.md',
      'docs/traffic/edge.md',
      'docs/traffic/private-zone.md',
      'docs/traffic/oracles.md',
      'docs/traffic/balancers.md',
      'docs/calendar.md',
      'docs/clients.md',
      'docs/notifications.md',
      'docs/config.md',
      'docs/lint.md',
    ],
  },
  {
    text: 'Operate',
    files: [
      'docs/doctor.md',
      'docs/help/live-page.md',
      'docs/help/game-days.md',
      'docs/help/who-is-told.md',
      'docs/help/operator-rights.md',
      'docs/help/watcher-size.md',
      'docs/changes.md',
      'docs/runbook.md',
      'docs/help/troubleshooting.md',
      'docs/real-account.md',
    ],
  },
  { text: 'Look up', files: ['docs/help/faq.md', 'docs/help/glossary.md', 'docs/help/status-json.md'] },
  {
    text: 'How it works',
    files: ['docs/ARCHITECTURE.md', 'docs/scenarios.md', 'docs/fuzz-log.md', 'docs/model/README.md'],
  },
  { text: 'The project', files: ['CONTRIBUTING.md', 'CHANGELOG.md'] },
];

const adrFiles = readdirSync(join(root, 'docs/adr'))
  .sort()
  .map((name) => `docs/adr/${name}`);

/** The folders of `examples/`; each becomes one page. */
export const examples = readdirSync(join(root, 'examples'));

/** Every document that is a page. */
export const documents = [...parts.flatMap(({ files }) => files), ...adrFiles];

/** Text of a file of the repository. */
export function textOf(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** First heading of a document, without its marks. */
export function titleOf(file: string): string {
  return (/^# (.+)$/m.exec(textOf(file))?.[1] ?? file).replaceAll('`', '');
}

/**
 * Where a document stands among the pages.
 *
 * @returns its path below the folder of pages, or null for a file that is no page
 */
export function pageOf(file: string): string | null {
  if (file === 'README.md') return 'index.md';
  const example = /^examples\/([^/]+)(?:\/failover\.config\.yaml)?$/.exec(file)?.[1];
  if (example !== undefined && examples.includes(example)) return `examples/${example}.md`;
  if (!documents.includes(file)) return null;
  return file
    .toLowerCase()
    .replace(/^docs\//, '')
    .replace(/readme\.md$/, 'index.md');
}

/** An entry of the sidebar, as VitePress takes it. */
interface SidebarItem {
  readonly text: string;
  readonly link?: string;
  readonly items?: SidebarItem[];
  readonly collapsed?: boolean;
}

/** Where a page is found: `/`, `/data`, `/adr/0001-register`. */
function linkOf(page: string): string {
  return `/${page.replace(/(?:index)?\.md$/, '')}`;
}

function itemOf(file: string): SidebarItem {
  return { text: file === 'README.md' ? 'What it is' : titleOf(file), link: linkOf(pageOf(file) ?? '') };
}

/** The sidebar. Decisions and examples are long lists, so they begin closed. */
export function sidebar(): SidebarItem[] {
  return [
    ...parts.map(({ text, files }) => ({ text, items: files.map(itemOf) })),
    {
      text: 'API',
      items: [
        { text: 'Constructs', link: '/api/cdk-failover' },
        { text: 'Library for clients', link: '/api/cdk-failover/client' },
      ],
    },
    {
      text: 'Examples',
      collapsed: true,
      items: examples.map((name) => ({ text: name, link: `/examples/${name}` })),
    },
    { text: 'Decisions', collapsed: true, items: adrFiles.map(itemOf) },
  ];
}

/** Documents of `docs/` that the sidebar leaves out. */
export function forgottenDocuments(): readonly string[] {
  return readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`)
    .filter((file) => !documents.includes(file));
}
