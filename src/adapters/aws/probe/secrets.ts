import { parameterOf, type SecretReference, secretName } from '../../../core/model/probe.ts';
import type { Clock } from '../../../ports/clock.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';

/** Age at which a secret is read again. Source: our own; a rotation is noticed before that, by a 401. */
export const secretAgeMsMax = 5 * 60_000;
/** Least time between two reads of a secret because a site refused it, or because it could not be read. */
export const secretPauseMs = 1_000;

/** What is known of one secret. */
interface Known {
  readonly value: string;
  readonly atMs: number;
}

/**
 * Reads the secrets of probes from this region, and keeps them in memory alone.
 *
 * Each region has its own copy: a secret that only the lost region had would make every site unknown.
 */
export class Secrets {
  readonly #clients: AwsClients;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #region: string;
  readonly #known = new Map<string, Known>();
  /** Reads under way, and when the last one began. */
  readonly #reads = new Map<string, { readonly atMs: number; readonly value: Promise<string> }>();

  constructor(clients: AwsClients, clock: Pick<Clock, 'monotonicMs'>, region: string) {
    this.#clients = clients;
    this.#clock = clock;
    this.#region = region;
  }

  /**
   * The secret, at most `secretAgeMsMax` old, or older where it cannot be read again.
   *
   * @throws {PortError} when it was never read, and cannot be
   */
  async read(reference: SecretReference): Promise<string> {
    const known = this.#known.get(secretName(reference));
    if (known === undefined) return this.refresh(reference);
    if (this.#clock.monotonicMs() - known.atMs < secretAgeMsMax) return known.value;
    return this.refresh(reference).catch(() => known.value);
  }

  /**
   * The secret as it is now, by one read in `secretPauseMs` at most.
   *
   * @throws {PortError} when it cannot be read
   */
  refresh(reference: SecretReference): Promise<string> {
    const name = secretName(reference);
    const nowMs = this.#clock.monotonicMs();
    const last = this.#reads.get(name);
    if (last !== undefined && nowMs - last.atMs < secretPauseMs) return last.value;
    const value = this.#fetch(reference, nowMs);
    this.#reads.set(name, { atMs: nowMs, value });
    return value;
  }

  async #fetch(reference: SecretReference, atMs: number): Promise<string> {
    // Loaded at the first read: most deployments have no secret, and start without it.
    const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm');
    const command = new GetParameterCommand({ Name: parameterOf(reference), WithDecryption: true });
    const { Parameter } = await this.#clients.call((options) =>
      this.#clients.of(SSMClient, this.#region).send(command, options),
    );
    const value = Parameter?.Value?.trim();
    if (!value) throw new PortError({ kind: 'invalid', detail: 'it is empty' });
    this.#known.set(secretName(reference), { value, atMs });
    return value;
  }

  /** The secret by its place, for messages. */
  placeOf(reference: SecretReference): string {
    return `the ${secretName(reference)} in ${this.#region}`;
  }
}
