import { named, regionField } from '../../schema/fields.ts';
import { type Reading, spelled } from '../../schema/spelling.ts';
import { strict } from '../../schema/strict-object.ts';

/**
 * Most characters of a path before the oracle's own: Route 53 takes paths of 255 characters, and a question about ten
 * sites has 146. Source: Route 53 API Reference, "HealthCheckConfig", ResourcePath.
 */
const basePathLengthMax = 100;

/** A URL before an oracle: HTTPS, a name, and perhaps a port and a path; no slash at its end. */
const frontUrlField = spelled(readFrontUrl, 'a URL, such as https://votes-east.shop.example');

function readFrontUrl(written: string): Reading {
  const text = written.trim();
  if (!URL.canParse(text)) {
    return { hint: /^[\w-]+(\.[\w-]+)+(\/\S*)?$/.test(text) ? `write https://${text}` : null };
  }
  const { protocol, hostname, host, pathname, search, hash, username } = new URL(text);
  const path = pathname.replace(/\/+$/, '');
  if (protocol !== 'https:') return { hint: 'votes travel by https alone: anybody on the way could write others' };
  if (username !== '' || search !== '' || hash !== '') {
    return { hint: `Route 53's checkers send a path and nothing else: write https://${host}${path}` };
  }
  if (/^[\d.]+$|^\[/.test(hostname)) return { hint: 'write a name: an address may change, and has no certificate' };
  if (path.length > basePathLengthMax) return { hint: `at most ${basePathLengthMax} characters of path` };
  return { value: `https://${host}${path}` };
}

/** Where the oracles are asked. */
export const oracleSchema = strict({
  url: named(regionField, frontUrlField, 'URLs').describe(
    "By control region, the URL of a load balancer or an API of yours that hands its requests to the region's function `<name>-failover-oracle`, path and all. Route 53's checkers ask there, and no public function URL is made.",
  ),
});
