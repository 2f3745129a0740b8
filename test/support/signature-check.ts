import { createHash, createHmac } from 'node:crypto';

/** A GET as it arrives; names of headers in lower case. */
export interface SignedRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Whether a GET is signed with a secret, as AWS would judge it: written from AWS's description, by Node's own hashes,
 * and sharing nothing with what signs.
 *
 * Source: IAM User Guide, "AWS Signature Version 4 for API requests".
 *
 * @param skewMsMax - how far the signature may be from `nowMs`; AWS takes five minutes
 */
export function isSignedBy(
  { url, headers }: SignedRequest,
  { accessKeyId, secretAccessKey }: { readonly accessKeyId: string; readonly secretAccessKey: string },
  region: string,
  nowMs: number,
  skewMsMax = 300_000,
): boolean {
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/lambda\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/;
  const [, key, day = '', where, names = '', signature] = form.exec(headers.authorization ?? '') ?? [];
  const time = headers['x-amz-date'] ?? '';
  const at = Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (key !== accessKeyId || where !== region || !(Math.abs(nowMs - at) <= skewMsMax) || !time.startsWith(day)) {
    return false;
  }
  const needed = [
    'host',
    'x-amz-date',
    ...(headers['x-amz-security-token'] === undefined ? [] : ['x-amz-security-token']),
  ];
  if (!needed.every((name) => names.split(';').includes(name))) return false;
  const lines = names.split(';').map((name) => `${name}:${headers[name] ?? ''}\n`);
  const empty = createHash('sha256').digest('hex');
  const asked = `GET\n${url.pathname}\n${url.search.slice(1)}\n${lines.join('')}\n${names}\n${empty}`;
  const scope = `${day}/${region}/lambda/aws4_request`;
  const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${createHash('sha256').update(asked).digest('hex')}`;
  const secret = [day, region, 'lambda', 'aws4_request'].reduce<Buffer | string>(
    (made, part) => createHmac('sha256', made).update(part).digest(),
    `AWS4${secretAccessKey}`,
  );
  return createHmac('sha256', secret).update(text).digest('hex') === signature;
}
