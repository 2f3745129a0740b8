import type { ClientSystem } from './system.ts';

/** Credentials of AWS, as every SDK has them. */
export interface Credentials {
  /** Id of the access key. */
  readonly accessKeyId: string;
  /** The secret of the key. */
  readonly secretAccessKey: string;
  /** Of credentials that end: those of a role. */
  readonly sessionToken?: string | undefined;
}

/** Gives credentials that are valid now; asked before each question. Providers of the AWS SDK have this form. */
export type CredentialsProvider = () => Promise<Credentials>;

/** A function URL. Source: Lambda Developer Guide, "Creating and managing Lambda function URLs". */
const functionUrl = /^[a-z0-9]+\.lambda-url\.([a-z0-9-]+)\.on\.aws$/;

/** SHA-256 of nothing: the body of a GET. */
const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const algorithm = 'AWS4-HMAC-SHA256';

/**
 * Body of a GET, signed where the host is a function URL and there are credentials.
 *
 * @throws for every status but 200, and what the provider of the credentials throws
 */
export async function getAs(
  system: ClientSystem,
  url: string,
  credentials: CredentialsProvider | undefined,
  signal: AbortSignal,
): Promise<string> {
  const isSigned = credentials !== undefined && functionUrl.test(new URL(url).hostname);
  return system.get(
    url,
    signal,
    isSigned ? await signedHeaders(url, await credentials(), system.now().wallMs) : undefined,
  );
}

/**
 * Headers with which a function URL takes a GET for one of the owner of the credentials.
 *
 * Source: IAM User Guide, "AWS Signature Version 4 for API requests".
 *
 * @param url - of a function URL: its host names the region
 * @param nowMs - epoch milliseconds; AWS takes five minutes to either side
 */
export async function signedHeaders(
  url: string,
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
  nowMs: number,
): Promise<Readonly<Record<string, string>>> {
  const { host, hostname, pathname, searchParams } = new URL(url);
  const [, region = ''] = functionUrl.exec(hostname) ?? [];
  const time = new Date(nowMs).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const day = time.slice(0, 8);
  const token = sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken };
  const headers: Readonly<Record<string, string>> = { host, 'x-amz-date': time, ...token };
  const names = Object.keys(headers).sort();
  const query = [...searchParams].map(([name, value]) => `${escaped(name)}=${escaped(value)}`).sort();
  const request = [
    'GET',
    pathname.split('/').map(escaped).join('/'),
    query.join('&'),
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    names.join(';'),
    emptyHash,
  ].join('\n');
  const scope = `${day}/${region}/lambda/aws4_request`;
  let key: Uint8Array = bytesOf(`AWS4${secretAccessKey}`);
  for (const part of [day, region, 'lambda', 'aws4_request']) key = await keyedHash(key, part);
  const signature = await keyedHash(key, [algorithm, time, scope, hex(await hash(request))].join('\n'));
  return {
    ...token,
    'x-amz-date': time,
    authorization: `${algorithm} Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${hex(signature)}`,
  };
}

function escaped(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text));
}

async function hash(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytesOf(text)));
}

async function keyedHash(key: Uint8Array, text: string): Promise<Uint8Array> {
  const rules = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', new Uint8Array(key), rules, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, bytesOf(text)));
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
