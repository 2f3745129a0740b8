import { canonicalAddress } from '../../core/dns/ip-address.ts';
import { canonicalName } from './dns-name.ts';
import { type Reading, spelled } from './spelling.ts';

/** Most characters of a URL. Source: our own; every server and proxy takes twice as many. */
const urlLengthMax = 2_000;
/** Query parameters that hold a secret, by their names. Source: our own. */
const secretNames = /^(.*[-_])?(token|key|apikey|secret|password|passwd|pwd|auth|signature|sig|credential|jwt)$/i;

/** What a URL is made of, as it is written. */
interface UrlParts {
  readonly scheme: string;
  readonly userInfo: string;
  readonly host: string;
  readonly port: string;
  /** Path and query. */
  readonly rest: string;
  readonly fragment: string;
}

/** The URL of an HTTP probe. Its host is canonical; path and query stay as they are written. */
export const probeUrlField = spelled(readUrl, 'a URL, such as https://eu.shop.example/healthz');

function readUrl(written: string): Reading {
  const parts = partsOf(written);
  if (written.length > urlLengthMax) return { hint: `at most ${urlLengthMax} characters` };
  if (/\$\{|\{\{|<%|%%/.test(written)) {
    return { hint: 'nothing fills in templates here; in failover.config.ts, write the URL as a template literal' };
  }
  if (parts === null) return { hint: /^[^/\s]+\.[^/\s]+(\/\S*)?$/.test(written) ? `write https://${written}` : null };
  const { scheme, userInfo, host, port, rest, fragment } = parts;
  const bare = `${scheme}://${canonicalHost(host)}${port}${rest}`;
  if (userInfo !== '') {
    return {
      hint: `leave the user name and the password out: ${bare}, and write auth: { basic: { secret: NAME } }, with both in that secret`,
    };
  }
  if (fragment !== '')
    return { hint: `no server is sent what follows #: write the path itself, such as ${fragmentless(parts)}` };
  return URL.canParse(bare) ? { value: bare } : { hint: null };
}

function partsOf(written: string): UrlParts | null {
  const match =
    /^([a-z][a-z0-9+.-]*):\/\/(?:([^/?#@\s]*)@)?(\[[^\]\s]*\]|[^/?#:@\s]+)(:\d{1,5})?([^#\s]*)(#\S*)?$/i.exec(
      written.trim(),
    );
  if (match === null) return null;
  const [, scheme = '', userInfo = '', host = '', port = '', rest = '', fragment = ''] = match;
  return { scheme: scheme.toLowerCase(), userInfo, host, port, rest, fragment };
}

/** The URL that somebody meant who wrote `https://shop.example/#/health`. */
function fragmentless({ scheme, host, port, rest, fragment }: UrlParts): string {
  const path = fragment.startsWith('#/') ? fragment.slice(1) : rest || '/';
  return `${scheme}://${canonicalHost(host)}${port}${path}`;
}

/** Host name or address in its canonical form; IPv6 in brackets where it was. */
function canonicalHost(host: string): string {
  return host.startsWith('[') ? `[${canonicalAddress(host.slice(1, -1))}]` : canonicalName(host);
}

/** The host of a probe without a URL: a name, or an address in one spelling. */
export const probeHostField = spelled((written) => {
  const host = written.trim().replace(/^\[(.*)\]$/, '$1');
  const address = canonicalAddress(host);
  if (address !== host || /^[0-9a-f:.]*:[0-9a-f:.]*:/i.test(host)) return { value: address };
  const url = partsOf(host);
  if (url !== null) return { hint: `write the name alone: ${canonicalHost(url.host)}` };
  const [, name, port] = /^(.+):(\d{1,5})$/.exec(host) ?? [];
  if (name !== undefined) return { hint: `host and port apart: host: ${canonicalName(name)} and port: ${port}` };
  const canonical = canonicalName(host);
  return /^[^\s/@:]{1,253}$/.test(canonical) ? { value: canonical } : { hint: null };
}, 'a host name or an address');

/** Names of the query parameters of a URL that look like secrets. */
export function secretsIn(url: string): readonly string[] {
  return URL.canParse(url) ? [...new URL(url).searchParams.keys()].filter((name) => secretNames.test(name)) : [];
}

const askedForm = /^(?!\d+(\.\d+){3}$)[a-z0-9_]([a-z0-9_.-]{0,252})$/;

/** A name that is asked for in the `Host` header, with or without a port; canonical. */
export const askedHostField = spelled(
  readAskedHost,
  'a host name, with or without a port, such as www.shop.example or www.shop.example:8443',
);

/**
 * Reads what a `Host` header says.
 *
 * @returns the canonical form, or what to write instead
 */
export function readAskedHost(written: string): Reading {
  const url = partsOf(written);
  if (url !== null) return { hint: `write the name alone: ${canonicalHost(url.host)}` };
  const [, host = '', port = ''] = /^(.*?)(:\d{1,5})?$/s.exec(written.trim()) ?? [];
  const address = canonicalAddress(host.replace(/^\[(.*)\]$/, '$1'));
  if (/^\d+(\.\d+){3}$/.test(host)) return { value: `${address}${port}` };
  if (host.startsWith('[') && /^[0-9a-f:.]+$/.test(address)) return { value: `[${address}]${port}` };
  const name = canonicalName(host);
  return askedForm.test(name) ? { value: `${name}${port}` } : { hint: null };
}

/** A name for TLS, which the certificate has; canonical. */
export const serverNameField = spelled((written) => {
  const url = partsOf(written.trim());
  if (url !== null) return { hint: `write the name alone: ${canonicalHost(url.host)}` };
  const name = canonicalName(written);
  return askedForm.test(name) ? { value: name } : { hint: null };
}, 'a host name, such as www.shop.example; for an address leave it out');

/** A name that a name server is asked for; canonical. */
export const askedNameField = spelled((written) => {
  const name = canonicalName(written);
  return /^(?=.{1,253}$)[a-z0-9_*-]+(\.[a-z0-9_-]+)*$/.test(name) ? { value: name } : { hint: null };
}, 'a domain name, such as www.shop.example');
