import { setMaxListeners } from 'node:events';
import {
  type DnsReadings,
  type MemoryReading,
  memoriesIn,
  type OracleReading,
  type Question,
  questionsIn,
} from '../../../core/dns/readings.ts';
import { oracleCheckIntervalSeconds } from '../../../core/dns/zone-plan.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import type { DnsInquiry } from '../../../core/operator/answers.ts';
import type { Clock } from '../../../ports/clock.ts';
import { systemClock } from '../../system/clock.ts';
import type { AwsClients } from '../clients.ts';
import { memoriesOnAws, type ReadMemory } from './memory-readings.ts';
import { askOracle, type FindOracle, oraclesOnAws } from './oracle-readings.ts';

/** From where votes and memories are read. */
export interface DnsSources {
  /** Null where oracles cannot be asked. */
  readonly findOracle: FindOracle | null;
  /** Null where there are no memories. */
  readonly readMemory: ReadMemory | null;
  /** Longest wait for one region, in milliseconds. */
  readonly patienceMs: number;
  /** A reading is taken again for so long, in milliseconds, since its begin. */
  readonly keptMs: number;
}

/**
 * Those of a deployment on AWS. However often and by however many windows they are read, an oracle gets one more set of
 * questions than the many sets of Route 53's checkers in the same interval, CloudWatch one call a region, and Route 53
 * none.
 */
export function sourcesOnAws(clients: AwsClients, deployment: Deployment, patienceMs: number): DnsSources {
  return {
    findOracle: oraclesOnAws(clients, deployment),
    readMemory: memoriesOnAws(clients, deployment),
    patienceMs,
    keptMs: oracleCheckIntervalSeconds * 1_000,
  };
}

/** A reading, under way or over. */
export interface Inquiry extends DnsInquiry {
  /** Never rejects. */
  readonly over: Promise<void>;
}

/** What a region is said to be until it has answered. */
const noAnswerYet = 'no answer yet';

/**
 * Reads the votes and memories of a deployment, each region on its own, so that one that gives no answer holds up
 * nothing. All readers of a process share one reading.
 */
export class DnsReader {
  readonly #deployment: Deployment;
  readonly #sources: DnsSources;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #questions: readonly Question[];
  readonly #hasMemories: boolean;
  #latest: DnsReadings | null = null;
  readonly #closed = new AbortController();
  #last: { readonly begunMs: number; readonly inquiry: Inquiry } | null = null;

  constructor(deployment: Deployment, sources: DnsSources, clock: Pick<Clock, 'monotonicMs'> = systemClock) {
    this.#deployment = deployment;
    this.#sources = sources;
    this.#clock = clock;
    this.#questions = sources.findOracle === null ? [] : questionsIn(deployment);
    this.#hasMemories = sources.readMemory !== null && memoriesIn(deployment).length > 0;
    setMaxListeners(Number.POSITIVE_INFINITY, this.#closed.signal);
  }

  /** Ends the questions that are under way, so that nothing keeps the process alive. */
  close(): void {
    this.#closed.abort();
  }

  /** What the newest reading that is over has brought; null before that. */
  get latest(): DnsReadings | null {
    return this.#latest;
  }

  /** Begins to read, unless a reading is under way or is young enough. */
  read(): Inquiry {
    const nowMs = this.#clock.monotonicMs();
    const last = this.#last;
    if (last !== null && (!last.inquiry.isOver() || nowMs - last.begunMs < this.#sources.keptMs)) return last.inquiry;
    const inquiry = this.#begin();
    this.#last = { begunMs: nowMs, inquiry };
    return inquiry;
  }

  /** What has been read within a time; the rest is not known. */
  async readWithin(patienceMs: number): Promise<DnsReadings> {
    const inquiry = this.read();
    const ended = new AbortController();
    const late = systemClock.sleep(patienceMs, ended.signal).catch(() => undefined);
    await Promise.race([inquiry.over, late]).finally(() => ended.abort());
    return inquiry.soFar();
  }

  #begin(): Inquiry {
    const { findOracle, readMemory, patienceMs } = this.#sources;
    const [questions, hasMemories] = [this.#questions, this.#hasMemories];
    const regions = this.#deployment.controlRegions;
    const oracles = new Map<string, OracleReading>();
    const memories = new Map<string, MemoryReading>();
    const asked = regions.map(async (region) => {
      if (findOracle === null || questions.length === 0) return;
      const answer = askOracle(findOracle, region, questions, patienceMs, this.#closed.signal);
      oracles.set(region, await answer.catch((error) => ({ kind: 'silent', why: String(error) })));
    });
    const read = regions.map(async (region) => {
      if (readMemory === null || !hasMemories) return;
      memories.set(region, await readMemory(region).catch((error) => ({ kind: 'unread', why: String(error) })));
    });
    const soFar = (): DnsReadings => ({
      oracles: questions.length === 0 ? null : fill(regions, oracles, { kind: 'silent', why: noAnswerYet }),
      memories: hasMemories ? fill(regions, memories, { kind: 'unread', why: noAnswerYet }) : null,
    });
    let isOver = false;
    const over = Promise.all([...asked, ...read]).then(() => {
      isOver = true;
      this.#latest = soFar();
    });
    return { over, soFar, isOver: () => isOver };
  }
}

function fill<T>(regions: readonly string[], known: ReadonlyMap<string, T>, missing: T): Readonly<Record<string, T>> {
  return Object.fromEntries(regions.map((region) => [region, known.get(region) ?? missing]));
}
