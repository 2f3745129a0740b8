import { S3ControlClient } from '@aws-sdk/client-s3-control';
import { AwsClients } from '../../../src/adapters/aws/clients.ts';
import type { Answering } from '../stand-in.ts';
import { xml, xmlError } from '../stand-in.ts';

/** A Multi-Region Access Point. */
export interface AccessPointState {
  readonly arn: string;
  readonly routes: { readonly bucket: string; readonly region: string; dial: number }[];
}

/** Answers as S3 Control does: routes that are not named stay, and at least one stays active. */
export function accessPointServer(state: AccessPointState): Answering {
  return ({ method, path, body, headers }, response) => {
    const [, arn] = /^\/v20180820\/mrap\/instances\/(.+)\/routes$/.exec(decodeURIComponent(path)) ?? [];
    if (arn !== state.arn || headers['x-amz-account-id'] !== state.arn.split(':')[4]) {
      return xmlError(response, 'NoSuchMultiRegionAccessPoint', 404);
    }
    if (method === 'GET') {
      const routes = state.routes.map(
        ({ bucket, region, dial }) =>
          `<Route><Bucket>${bucket}</Bucket><Region>${region}</Region><TrafficDialPercentage>${dial}</TrafficDialPercentage></Route>`,
      );
      return xml(
        response,
        `<GetMultiRegionAccessPointRoutesResult><Mrap>${arn}</Mrap><Routes>${routes.join('')}</Routes></GetMultiRegionAccessPointRoutesResult>`,
      );
    }
    const wanted = new Map(
      [...body.matchAll(/<Route>(.+?)<\/Route>/g)].map(([, route = '']) => [
        /<Bucket>(.+)<\/Bucket>/.exec(route)?.[1],
        Number(/<TrafficDialPercentage>(\d+)</.exec(route)?.[1]),
      ]),
    );
    const dials = state.routes.map(({ bucket, dial }) => wanted.get(bucket) ?? dial);
    if (!dials.includes(100)) return xmlError(response, 'InvalidRequest');
    for (const [index, route] of state.routes.entries()) route.dial = dials[index] ?? 0;
    return xml(response, '');
  };
}

/**
 * Clients whose S3 Control client finds a stand-in by name: the SDK puts the account before the host, which an IP
 * address cannot have and no resolver knows for localhost.
 */
export class ClientsOfAccessPoints extends AwsClients {
  readonly #port: number;

  constructor(url: string) {
    super();
    this.#port = Number(new URL(url).port);
  }

  override of<C extends { destroy(): void }>(Service: new (config: never) => C, region: string): C {
    const config = {
      region,
      maxAttempts: 1,
      endpoint: `http://localhost:${this.#port}`,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      requestHandler: {
        httpAgent: {
          lookup: (_host: string, _options: object, done: (error: null, found: readonly object[]) => void) =>
            done(null, [{ address: '127.0.0.1', family: 4 }]),
        },
      },
    };
    return new Service((Service as unknown) === S3ControlClient ? (config as never) : ({} as never));
  }
}
