import { setTimeout as sleep } from 'node:timers/promises';
import type { Experiment, ExperimentStatus } from '../../../../src/adapters/aws/gameday/experiments.ts';
import type { Ground } from '../../../../src/cli/gameday/ground.ts';
import type { Target } from '../../../../src/cli/operator/target.ts';
import type { StepReport } from '../../../../src/core/kinds/order.ts';
import { makeMark, noBallot } from '../../../../src/core/register/ballot.ts';
import { newRunTimes } from '../../../../src/core/register/ledger.ts';
import { changeRegister } from '../../../../src/core/register/proposer.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import type { Run } from '../../../../src/core/register/run.ts';
import type { Ports } from '../../../../src/ports/ports.ts';
import { runRoutine } from '../../../../src/ports/routine-runner.ts';
import { type FakeTarget, fakeTarget } from '../operator/target.fixture.ts';

/** What the stand-in of FIS was asked, in order. */
export type Asked = 'template' | 'start' | 'find' | 'stop';

export interface FakeGround extends Ground {
  readonly target: FakeTarget & Omit<Target, 'close'>;
  readonly asked: Asked[];
  /** What CloudWatch says of every alarm. */
  alarm: 'OK' | 'ALARM' | null;
  /** What a function answers to an order. */
  answer: StepReport;
  /** Whether the answer to the start is lost. */
  isStartLost: boolean;
  /** Whether the watchers fail over when the site is down. */
  hasWatchers: boolean;
}

/**
 * A deployment of one service over tables in memory, with an FIS that takes virginia down, and watchers that move away
 * from a site that is down and carry out every run at once.
 */
export function fakeGround(): FakeGround {
  const down: string[] = [];
  const target = onRealTime(fakeTarget([], { down }));
  const asked: Asked[] = [];
  let status: ExperimentStatus = 'pending';
  const experiment = (): Experiment => ({ id: 'EXP1', status, reason: '' });
  const ground: FakeGround = {
    target,
    asked,
    alarm: 'OK',
    answer: { outcome: 'pending', hasWritten: false, detail: 'it would be done' },
    isStartLost: false,
    hasWatchers: true,
    asking: { ...target.ports, handlers: { ...target.ports.handlers, invoke: async () => ground.answer } },
    resolve: async () => ({ addresses: ['203.0.113.10'] }),
    nameServer: { host: '127.0.0.1', port: 1 },
    askEveryMs: 20,
    warmUpMsMax: 50,
    sliceMs: 10,
    aws: {
      alarms: () => ({
        stateOf: async () =>
          ground.alarm === null ? null : { state: ground.alarm, evaluation: null, reason: 'threshold crossed' },
      }),
      experiments: () => ({
        readTemplate: async (id) => {
          asked.push('template');
          return { id, description: 'stop web', actions: ['aws:ec2:stop-instances'], targets: [], stopAlarms: [] };
        },
        start: async () => {
          asked.push('start');
          status = 'running';
          down.push('virginia');
          if (ground.hasWatchers) void carryOut(target, 'virginia', 'oregon');
          if (ground.isStartLost) throw new Error('no answer');
          return experiment();
        },
        find: async () => {
          asked.push('find');
          return experiment();
        },
        read: async () => experiment(),
        stop: async () => {
          asked.push('stop');
          status = 'stopped';
          down.splice(0);
          return experiment();
        },
      }),
    },
    probe: async (_, site) => ({
      outcome: down.includes(site) ? 'fail' : 'pass',
      require: 'all',
      probes: [],
      report: {},
      roleToJudge: null,
    }),
    close: () => {},
  };
  return ground;
}

/** A pause takes a moment of real time too, so that whatever goes on beside it can. */
function onRealTime(target: FakeTarget): FakeTarget {
  const { clock } = target.ports;
  const ports: Ports = {
    ...target.ports,
    clock: {
      ...clock,
      sleep: async (ms) => {
        await sleep(1);
        await clock.sleep(ms);
        finishRuns(target);
      },
    },
  };
  return { ...target, ports };
}

/** What the watchers do about a run that a person has opened. */
function finishRuns(target: FakeTarget): void {
  if (target.register()?.run?.state !== 'running') return;
  void change(target, (register) =>
    register.run?.state === 'running' ? { ...register, ...ended(register.run) } : null,
  );
}

/** A failover as the watchers leave it. */
async function carryOut(target: FakeTarget, from: string, to: string): Promise<void> {
  await sleep(100);
  await change(target, (register) => {
    const epoch = register.epoch + 1;
    const run = {
      kind: 'failover',
      epoch,
      attempt: 1,
      retries: 0,
      holder: null,
      from,
      to,
      serving: [to],
      reason: 'active-down',
      by: 'us-east-2',
      isDataLossAllowed: false,
      isProofWaived: false,
      isShortAllowed: false,
      demand: null,
      rampBefore: {},
      steps: [],
      state: 'done',
      times: { ...newRunTimes(Date.now(), { detectedMs: Date.now() }), verifiedMs: Date.now() },
    } as const satisfies Run;
    return { ...register, epoch, active: to, ...ended(run) };
  });
}

function ended(run: Run): Pick<Register, 'run' | 'serving' | 'writer'> {
  const steps = run.steps.map((step) => ({ ...step, state: 'done' as const }));
  return { run: { ...run, steps, state: 'done' }, serving: run.serving, writer: run.to };
}

function change({ ports, deployment }: FakeTarget, fn: (register: Register) => Register | null): Promise<unknown> {
  const proposer = {
    service: 'web',
    regions: deployment.controlRegions,
    mark: makeMark('watcher', Math.random().toString(36).slice(2), 1),
    floor: noBallot,
  };
  return runRoutine(
    changeRegister(proposer, (current) => (current === null ? null : fn(current))),
    ports,
  );
}
