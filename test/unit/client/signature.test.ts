import { describe, expect, it } from 'vitest';
import { getAs, signedHeaders } from '../../../src/client/signature.ts';
import { clientSystem } from '../../../src/client/system.ts';
import { isSignedBy } from '../../support/signature-check.ts';

const host = 'abcdefghijklmnopqrstuvwxyz012345.lambda-url.eu-west-1.on.aws';
const url = `https://${host}/v1/web/endpoints`;
const nowMs = Date.UTC(2026, 10, 29, 8, 7, 6);
const key = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

/** What arrives: fetch adds the host. */
async function arriving(at: string, credentials: Parameters<typeof signedHeaders>[1]) {
  return { url: new URL(at), headers: { host: new URL(at).host, ...(await signedHeaders(at, credentials, nowMs)) } };
}

describe('a signed question', () => {
  it.each([
    ['a long-lived key', url, key],
    ['the key of a role', url, { ...key, sessionToken: 'FwoGZXIvYXdzE//token==' }],
    ['a query', `${url}?b=2&a=1`, key],
  ])('is taken from the owner of %s', async (_, at, credentials) => {
    const request = await arriving(at, credentials);
    const sorted = { ...request, url: new URL(at.replace('b=2&a=1', 'a=1&b=2')) };

    expect(isSignedBy(sorted, key, 'eu-west-1', nowMs)).toBe(true);
  });

  it.each([
    ['another secret', { ...key, secretAccessKey: 'another' }, 'eu-west-1', nowMs],
    ['another region', key, 'eu-west-2', nowMs],
    ['another hour', key, 'eu-west-1', nowMs + 3_600_000],
  ])('is refused with %s', async (_, owner, region, atMs) => {
    expect(isSignedBy(await arriving(url, key), owner, region, atMs)).toBe(false);
  });

  it('is refused for another path', async () => {
    const request = await arriving(url, key);

    expect(isSignedBy({ ...request, url: new URL(`https://${host}/v1/api/endpoints`) }, key, 'eu-west-1', nowMs)).toBe(
      false,
    );
  });

  it('says the same each time, and never the secret', async () => {
    const [first, again] = [await signedHeaders(url, key, nowMs), await signedHeaders(url, key, nowMs)];

    expect(again).toEqual(first);
    expect(JSON.stringify(first)).not.toContain(key.secretAccessKey);
  });
});

describe('questions', () => {
  const asked: (Readonly<Record<string, string>> | undefined)[] = [];
  const system = {
    ...clientSystem,
    get: async (_url: string, _signal: AbortSignal, headers?: Readonly<Record<string, string>>) => {
      asked.push(headers);
      return 'text';
    },
  };
  const { signal } = new AbortController();
  const owner = async () => key;

  it.each([
    ['to a function URL, with credentials', url, owner, true],
    ['to a function URL, without credentials', url, undefined, false],
    ['to another host', 'http://127.0.0.1:4000/v1/web/endpoints', owner, false],
    ['to a host that only looks like one', `https://${host}.evil.example/v1/web/endpoints`, owner, false],
  ])('%s are signed: %s', async (_, at, credentials, is) => {
    await getAs(system, at, credentials, signal);

    expect(asked.at(-1)?.authorization !== undefined).toBe(is);
  });

  it('fail when there are no credentials to be had', async () => {
    const none = () => Promise.reject(new Error('no role here'));

    await expect(getAs(system, url, none, signal)).rejects.toThrow('no role here');
  });
});
