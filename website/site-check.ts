/** Checks the site as it was built: every link and anchor leads somewhere, and no page needs a network. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

const idsIn = (html: string) => new Set([...html.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id));

/** What a page loads by itself: scripts, styles, pictures, fonts, frames. */
const loaded =
  /<(?:script|img|source|iframe|link(?=[^>]*rel="(?:stylesheet|preload|modulepreload|icon)"))[^>]*?\b(?:src|srcset|href)="(https?:[^"]+|\/\/[^"]+)"/g;

/**
 * What is wrong with a built site.
 *
 * @param folder - where it was built
 * @returns a line for each fault; empty when all is well
 */
export function faultsOfSite(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.endsWith('.html') && name !== '404.html');
  const pages = new Map(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
  const ids = new Map([...pages].map(([file, html]) => [file, idsIn(html)]));
  const styles = names.filter((name) => name.endsWith('.css'));

  const links = [...pages].flatMap(([file, html]) =>
    [...html.matchAll(/<a\b[^>]*?\bhref="([^"]+)"/g)].flatMap(([, href = '']) => {
      const [path = '', anchor] = decodeURIComponent(href.replaceAll('&amp;', '&')).split('#');
      if (/^[a-z]+:/.test(path)) return [];
      const target = path === '' ? file : posix.join(posix.dirname(`/${file}`), path).slice(1);
      const named = path.startsWith('/') ? path.slice(1) : target;
      const page = [named, `${named}.html`, posix.join(named, 'index.html')].find((name) => ids.has(name));
      if (page === undefined) return existsSync(join(folder, named)) ? [] : [`${file}: no page ${href}`];
      return anchor === undefined || anchor === '' || ids.get(page)?.has(anchor) ? [] : [`${file}: no heading ${href}`];
    }),
  );
  const foreign = [...pages].flatMap(([file, html]) =>
    [...html.matchAll(loaded)].map(([, address]) => `${file}: loads ${address}`),
  );
  const fonts = styles.flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/url\(["']?(https?:[^)"']+)/g)].map(
      ([, address]) => `${file}: loads ${address}`,
    ),
  );
  return [...new Set([...links, ...foreign, ...fonts])];
}
