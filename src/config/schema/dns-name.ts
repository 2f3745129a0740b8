import { type Reading, spelled } from './spelling.ts';

/** A label of a name that other names may follow. Underscores are for names such as `_sip._tcp`. */
const label = '[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?';
/** The last label: a top-level domain, in letters or as Punycode. Source: RFC 3696, section 2; RFC 5890. */
const topLabel = '([a-z]{2,63}|xn--[a-z0-9-]{1,59})';
/** Most characters of a name. Source: RFC 1035, section 2.3.4, less the length bytes and the root. */
export const nameLengthMax = 253;

const fullName = new RegExp(`^(${label}\\.)+${topLabel}$`);
const recordName = new RegExp(`^(\\*\\.)?(${label}\\.)*${label}$`);

/**
 * The canonical form of a name: lower case, Punycode, without the last dot.
 *
 * @returns the text in lower case where it is no name; whoever asks looks at the form
 */
export function canonicalName(written: string): string {
  const bare = written.trim().replace(/\.$/, '').toLowerCase();
  const labels = bare.split(/[.\u3002\uff0e\uff61]/u);
  return labels.map(asciiLabel).join('.');
}

/** A label in Punycode. The URL parser knows IDNA (UTS 46); a label with characters of a URL is left alone. */
function asciiLabel(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text) || /[\s/?#@:\\[\]%]/.test(text)) return text;
  const url = `http://${text}.example`;
  return URL.canParse(url) ? new URL(url).hostname.replace(/\.example$/, '') : text;
}

/** The name of a zone, or of something in AWS. */
export const dnsNameField = spelled((written) => {
  const name = canonicalName(written);
  if (fullName.test(name) && name.length <= nameLengthMax) return { value: name };
  return { hint: hintForName(name) };
}, 'a domain name, such as shop.example');

/**
 * The name of a record as it is written: in full, `@` for the zone itself, or one label under the zone.
 *
 * {@link nameInZone} makes a full name of it.
 */
export const recordField = spelled((written): Reading => {
  const isAbsolute = written.trim().endsWith('.');
  const name = canonicalName(written);
  if (name === '@' || (name === '*' && !isAbsolute)) return { value: name };
  if (isAbsolute && !name.includes('.')) return { hint: `leave out the last dot: "${name}" is under the zone` };
  if (recordName.test(name) && name.length <= nameLengthMax) return { value: name };
  return { hint: hintForName(name) };
}, 'a name in the zone, such as www.shop.example; www or @ for short');

/** What to write instead of a text that is no name; null where nobody can tell. */
function hintForName(name: string): string | null {
  if (/^[a-z][a-z0-9+.-]*:\/\//.test(name))
    return `write the name alone: ${name.replace(/^.*?:\/\/([^/:]*).*$/, '$1')}`;
  if (/:\d+$/.test(name)) return `a name has no port: write ${name.replace(/:\d+$/, '')}`;
  if (name.includes('*')) return 'an asterisk is the whole first label: *.shop.example';
  if (name.includes('..')) return `write ${name.replace(/\.{2,}/g, '.')}`;
  return null;
}

/**
 * The full name of a record.
 *
 * `@` is the zone itself, as in zone files, and one label is under the zone. A name with a dot is in full already: with
 * `api.eu` nobody can tell whether the zone is missing or wrong.
 *
 * @param record - as {@link recordField} reads it
 * @param zone - name of the zone, canonical
 */
export function nameInZone(record: string, zone: string): string {
  if (record === '@') return zone;
  return record.includes('.') ? record : `${record}.${zone}`;
}

/**
 * Id of a hosted zone: alone, as Route 53's API answers it (`/hostedzone/Z...`), or as an ARN.
 *
 * Source: Route 53 API Reference, "HostedZone", Id; Service Authorization Reference, "hostedzone".
 */
export const zoneIdField = spelled((written) => {
  const id = written.trim().replace(/^(arn:aws[a-z-]*:route53:::|\/)?hostedzone\//, '');
  if (/^Z[A-Z0-9]{1,32}$/.test(id)) return { value: id };
  const upper = id.toUpperCase();
  return { hint: /^Z[A-Z0-9]{1,32}$/.test(upper) ? `ids are in upper case: write ${upper}` : null };
}, 'a hosted zone id, such as Z0123456789ABCDEFGHIJ');
