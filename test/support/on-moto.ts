import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AwsClients } from '../../src/adapters/aws/clients.ts';
import { findMoto, type Moto, motoStartMsMax, startMoto } from './moto.ts';

/** moto is a development server in Python: under load an answer takes longer than AWS is given. */
const motoDeadlineMs = 120_000;

/**
 * Describes tests of an adapter that need moto, with a server of their own.
 *
 * Without moto they are one skipped test that says why, or a failed one where `CI` is `true`.
 *
 * @param define - defines the tests; the clients that it is given may be asked for only inside of them
 */
export function describeOnMoto(
  title: string,
  regions: readonly string[],
  define: (clients: () => AwsClients) => void,
): void {
  const path = findMoto();
  if (path === null) {
    it(title, ({ skip }) => {
      const reason = 'there is no moto_server on PATH (pip install "moto[server]==5.2.1")';
      if (process.env.CI === 'true') expect.fail(`CI needs it, but ${reason}`);
      console.warn(`skipped: ${title}: ${reason}`);
      skip(reason);
    });
    return;
  }
  describe(title, () => {
    let moto: Moto | undefined;
    let clients: AwsClients;

    beforeAll(async () => {
      moto = await startMoto(path);
      const { url } = moto;
      const endpoints = Object.fromEntries(regions.map((region) => [region, url]));
      clients = new AwsClients({ endpoints, callDeadlineMs: motoDeadlineMs });
    }, motoStartMsMax);
    afterAll(async () => {
      clients?.close();
      await moto?.stop();
    });

    define(() => clients);
  });
}
