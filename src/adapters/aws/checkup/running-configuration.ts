import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { deploymentFileName, functionName } from '../../../config/plan/names.ts';
import type { Reading } from '../../../core/checkup/reading.ts';
import { PortError } from '../../../ports/port-error.ts';
import { readZipEntry } from '../../system/zip-entry.ts';
import type { AwsClients } from '../clients.ts';
import { errorName, explainCall } from './fault-explanation.ts';

/** Longest code of a function, and longest configuration in it, in bytes. Source: our own; both are far shorter. */
const codeBytesMax = 50_000_000;
const deploymentBytesMax = 10_000_000;

/** What the watcher of a region carries: the text of its configuration; null where there is no watcher. */
export interface RunningConfiguration {
  readonly region: string;
  readonly reading: Reading<string | null>;
}

/**
 * Reads the configuration that the watcher of each region carries. It lies beside the watcher's code, so it is what
 * runs, whatever was written elsewhere. Regions with the same code are read once.
 *
 * @param deadlineMs - of each answer, the code included
 */
export async function readRunning(
  clients: AwsClients,
  name: string,
  regions: readonly string[],
  deadlineMs: number,
): Promise<readonly RunningConfiguration[]> {
  const byCode = new Map<string, Promise<string>>();
  return await Promise.all(
    regions.map(async (region) => ({
      region,
      reading: await carriedIn(clients, name, region, byCode, deadlineMs).then(
        (value): Reading<string | null> => ({ kind: 'read', value }),
        (error: unknown): Reading<string | null> => {
          if (!(error instanceof PortError)) throw error;
          return { kind: 'unread', why: explainCall(error, deadlineMs) };
        },
      ),
    })),
  );
}

async function carriedIn(
  clients: AwsClients,
  name: string,
  region: string,
  byCode: Map<string, Promise<string>>,
  deadlineMs: number,
): Promise<string | null> {
  try {
    const command = new GetFunctionCommand({ FunctionName: functionName(name, 'watcher') });
    const { Code, Configuration } = await clients.call((options) =>
      clients.of(LambdaClient, region).send(command, options),
    );
    if (!Code?.Location) throw new PortError({ kind: 'invalid', detail: 'Lambda does not say where the code is' });
    const key = Configuration?.CodeSha256 ?? Code.Location;
    const read = byCode.get(key) ?? packedAt(Code.Location, deadlineMs);
    byCode.set(key, read);
    return await read;
  } catch (error) {
    if (error instanceof PortError && errorName(error) === 'ResourceNotFoundException') return null;
    throw error;
  }
}

/** The link is good for ten minutes, and needs no credentials. Source: Lambda API Reference, `FunctionCodeLocation`. */
async function packedAt(url: string, deadlineMs: number): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(deadlineMs) });
    const bytes = response.ok ? Number(response.headers.get('content-length') ?? 0) : 0;
    if (!response.ok || bytes > codeBytesMax) {
      await response.body?.cancel();
      throw new RangeError(response.ok ? `the code has ${bytes} bytes` : `status ${response.status}`);
    }
    const archive = Buffer.from(await response.arrayBuffer());
    const packed = readZipEntry(archive, deploymentFileName, deploymentBytesMax);
    if (packed === null) throw new RangeError(`there is no ${deploymentFileName} in it`);
    return packed.toString('utf8');
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    const detail = `the code of the watcher could not be read: ${error instanceof Error ? error.message : error}`;
    throw new PortError({ kind: isLate ? 'timeout' : 'invalid', detail }, error);
  }
}
