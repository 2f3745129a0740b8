// Without this the client has nothing to sign with: it takes whatever package has registered itself.
import '@aws-sdk/signature-v4a';
import {
  CloudFrontKeyValueStoreClient,
  type CloudFrontKeyValueStoreClientConfig,
  DescribeKeyValueStoreCommand,
  GetKeyCommand,
  UpdateKeysCommand,
} from '@aws-sdk/client-cloudfront-keyvaluestore';
import type { EdgeState, EdgeThing } from '../../core/kinds/edge.ts';
import { PortError } from '../../ports/port-error.ts';
import type { KindHandlers } from '../../ports/ports.ts';
import type { AwsClients, SendOptions } from './clients.ts';

const signing = { name: 'cloudfront-keyvaluestore', region: '*' } as const;

/**
 * The client of a KeyValueStore, whose host is the account of the store below a name that all regions share.
 *
 * AWS's rules put the account before the host of any other endpoint, too, and no stand-in has such a name. So one that
 * is named is asked as it is. Signatures are of version 4A, as that host wants them.
 */
class StoreClient extends CloudFrontKeyValueStoreClient {
  constructor(config: CloudFrontKeyValueStoreClientConfig) {
    super(typeof config.endpoint === 'string' ? { ...config, ...asItIs(config.endpoint) } : config);
  }
}

function asItIs(url: string): Partial<CloudFrontKeyValueStoreClientConfig> {
  const { name: signingName, region: signingRegion } = signing;
  const scheme = { name: 'sigv4a', signingName, signingRegion, signingRegionSet: [signingRegion], properties: {} };
  return {
    endpointProvider: () => ({ url: new URL(url), headers: {}, properties: { authSchemes: [scheme] } }),
    httpAuthSchemeProvider: () => [
      {
        schemeId: 'aws.auth#sigv4a',
        signingProperties: signing,
        propertiesExtractor: (given, context) => ({ signingProperties: { config: given, context } }),
      },
    ],
  };
}

/**
 * Reads and writes the key of a KeyValueStore that names the origin.
 *
 * A write names the version of the store that was looked at before the key was read, and CloudFront refuses it when
 * there is another version by then, whoever has written it and whatever key. It is tried again with the next order.
 * Source: CloudFront API Reference, "UpdateKeys".
 */
export function edgeHandlers(clients: AwsClients): KindHandlers<'edge'> {
  const ask = async <T>({ region }: EdgeThing, send: (client: StoreClient, options: SendOptions) => Promise<T>) => {
    try {
      return await clients.call((options) => send(clients.of(StoreClient, region), options));
    } catch (error) {
      throw refusalOf(error);
    }
  };

  const read = async (thing: EdgeThing): Promise<EdgeState> => {
    const command = new GetKeyCommand({ KvsARN: thing.storeArn, Key: thing.key });
    try {
      const { Value: value } = await ask(thing, (client, options) => client.send(command, options));
      return { value: value ?? null };
    } catch (error) {
      // A key that is not there reads like a store that is not there; only the store itself tells them apart.
      if (!isNotFound(error)) throw error;
      await versionOf(thing);
      return { value: null };
    }
  };

  const versionOf = async (thing: EdgeThing): Promise<string | undefined> => {
    const command = new DescribeKeyValueStoreCommand({ KvsARN: thing.storeArn });
    const { ETag: version } = await ask(thing, (client, options) => client.send(command, options));
    return version;
  };

  return {
    'read:edge': read,
    'write:edge': async (thing) => {
      const version = await versionOf(thing);
      if ((await read(thing)).value === thing.value) return null;
      const command = new UpdateKeysCommand({
        KvsARN: thing.storeArn,
        IfMatch: version,
        Puts: [{ Key: thing.key, Value: thing.value }],
      });
      await ask(thing, (client, options) => client.send(command, options));
      return null;
    },
  };
}

function isNotFound(error: unknown): boolean {
  return nameOf(error) === 'ResourceNotFoundException';
}

function nameOf(error: unknown): string {
  return error instanceof PortError && error.cause instanceof Error ? error.cause.name : '';
}

/** What an error of this API means. Source: CloudFront API Reference, "UpdateKeys", Errors. */
function refusalOf(error: unknown): unknown {
  if (!(error instanceof PortError)) return error;
  const name = nameOf(error);
  if (name === 'ResourceNotFoundException') return new PortError({ ...error.fault, kind: 'invalid' }, error.cause);
  if (name === 'ServiceQuotaExceededException') return new PortError({ ...error.fault, kind: 'invalid' }, error.cause);
  return error;
}
