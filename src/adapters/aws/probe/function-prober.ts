import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Observation, SiteReport } from '../../../core/detection/observation.ts';
import { roleLengthMax } from '../../../core/detection/reported-facts.ts';
import { type FunctionProbe, qualifiedName } from '../../../core/model/probe.ts';
import type { AwsClients } from '../clients.ts';
import { answerWithin } from './answer-within.ts';

/** Longest part of what a function says that is repeated, in characters. */
const saidLengthMax = 120;

/** The event of every such invocation; the functions of a fence get other actions. */
const event = new TextEncoder().encode(JSON.stringify({ action: 'probe' }));

/**
 * Types of errors that Lambda itself reports: the code was not run, or not to its end (no handler, no memory, its own
 * time limit). Any other type was thrown by the code. Source: Lambda Developer Guide, "Lambda function errors".
 */
const platformErrorPrefixes: readonly string[] = ['Runtime.', 'Sandbox.', 'Function.', 'Extension.'];

/**
 * Asks a function of the user's how the site is.
 *
 * @returns `unknown` when the function says that it cannot tell, when its code did not run to its end, for any other
 *   answer, and for none. Never rejects
 */
export function probeFunction(clients: AwsClients, probe: FunctionProbe): Promise<Observation> {
  const { region, timeoutMs } = probe;
  const name = qualifiedName(probe);
  return answerWithin(timeoutMs, `the function ${name} in ${region}`, async (passedMs) => {
    const command = new InvokeCommand({ FunctionName: name, Payload: event });
    const { FunctionError, Payload } = await clients.call((options) =>
      clients.of(LambdaClient, region).send(command, options),
    );
    // For an empty answer the SDK returns something that is no byte array, although its types say so.
    const text = Payload instanceof Uint8Array ? new TextDecoder().decode(Payload) : '';
    return FunctionError === undefined ? judge(text, passedMs()) : judgeError(text, passedMs());
  });
}

function judgeError(text: string, latencyMs: number): Observation {
  const error = recordIn(text);
  const type = typeof error?.errorType === 'string' ? error.errorType : '';
  const said = `${type}: ${String(error?.errorMessage ?? text)}`.slice(0, saidLengthMax);
  const isOfPlatform = type === '' || platformErrorPrefixes.some((prefix) => type.startsWith(prefix));
  if (isOfPlatform) return { outcome: 'unknown', detail: `Lambda could not run the function to its end: ${said}` };
  return { outcome: 'fail', reason: 'function-threw', latencyMs, saw: said };
}

function judge(text: string, latencyMs: number): Observation {
  const answer = recordIn(text);
  const why = typeof answer?.reason === 'string' ? answer.reason.slice(0, saidLengthMax) : '';
  switch (answer?.ok) {
    case true:
      return { outcome: 'pass', latencyMs, report: reportOf(answer), saw: why === '' ? 'ok' : why };
    case false:
      return { outcome: 'fail', reason: 'not-ok', latencyMs, report: reportOf(answer), saw: why };
    case null:
      return { outcome: 'unknown', detail: `the function cannot tell${why === '' ? '' : `: ${why}`}` };
    default:
      return { outcome: 'unknown', detail: `the function answered ${text.slice(0, saidLengthMax)}, without ok` };
  }
}

/** What an answer says of the site besides; a value that cannot be read counts as not said. */
function reportOf({ role, lagMs, load, ready }: Readonly<Record<string, unknown>>): SiteReport {
  return {
    ...(typeof role === 'string' && role !== '' ? { role: role.slice(0, roleLengthMax).toLowerCase() } : {}),
    ...(isAmount(lagMs) ? { replicationLagMs: lagMs } : {}),
    ...(isAmount(load) ? { load } : {}),
    ...(typeof ready === 'boolean' ? { ready } : {}),
  };
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** The mapping that a text is as JSON; null for anything else. */
function recordIn(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : null;
  } catch {
    return null;
  }
}
