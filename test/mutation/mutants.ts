/** A mistake that a review made by hand in the product, and the test that must not let it live. */
export interface HandMutant {
  readonly name: string;
  /** What goes wrong, as a reviewer would say it. */
  readonly mistake: string;
  readonly file: string;
  /** Text of the file, there exactly once, and what the mistake makes of it. */
  readonly find: string;
  readonly replace: string;
  readonly killedBy: {
    readonly file: string;
    /** Names the property that does not hold any more. */
    readonly title: string;
  };
}

const unit = (file: string, title: string) => ({ file: `test/unit/core/${file}`, title });
const world = (title: string) => ({ file: 'test/sim/properties.sim.test.ts', title });

/** Nineteen mistakes that once survived every test. `npm run mutants` makes each and runs the test that kills it. */
export const handMutants: readonly HandMutant[] = [
  {
    name: 'takeover-keeps-attempt',
    mistake: 'a watcher that takes a run over goes on under the token of the one that it replaces',
    file: 'src/core/watcher/run/takeover.ts',
    find: 'holder, attempt: run.attempt + 1 }',
    replace: 'holder, attempt: run.attempt }',
    killedBy: world('S5: a run that is taken over has a higher attempt'),
  },
  {
    name: 'retry-keeps-attempt',
    mistake: 'a run that is tried again goes on under the token of the try before it',
    file: 'src/core/register/run.ts',
    find: 'attempt: run.attempt + 1, retries',
    replace: 'attempt: run.attempt, retries',
    killedBy: unit('register/run.test.ts', 'S5: a run that is opened again has a higher attempt'),
  },
  {
    name: 'stale-holder-journals',
    mistake: 'a holder that was replaced notes its steps in the run of its successor',
    file: 'src/core/watcher/run/run-execution.ts',
    find: ' && register.run.attempt === run.attempt',
    replace: '',
    killedBy: unit('watcher/run-execution.test.ts', 'S6: a holder that was replaced journals nothing'),
  },
  {
    name: 'undecided-is-taken-for-decided',
    mistake: 'a value on one table of three is acted on',
    file: 'src/core/register/quorum.ts',
    find: "if (holders.length < votesNeeded(register)) return { kind: 'unsettled', register };",
    replace: '',
    killedBy: unit('register/quorum.test.ts', 'S2: a value that one of three voters holds is not decided'),
  },
  {
    name: 'undecided-is-admitted',
    mistake: 'a voter is let in by a change of the list that no majority is known to hold',
    file: 'src/core/register/membership.ts',
    find: 'const isDecided = holders >= votesNeeded(register);',
    replace: 'const isDecided = true;',
    killedBy: unit(
      'register/membership.test.ts',
      'S2: a named voter is not in force before a majority holds the naming',
    ),
  },
  {
    name: 'undecided-is-completed',
    mistake: 'a genesis goes on to its next stage though not every table is known to hold the present one',
    file: 'src/core/register/membership.ts',
    find: "if (!isKnownDecided) return { step: 'resume', membership: named(everyone) };",
    replace: '',
    killedBy: unit('register/membership.test.ts', 'S2: a genesis that not every table holds is resumed, not completed'),
  },
  {
    name: 'genesis-by-one-table',
    mistake: 'a genesis that stopped half way is resumed by whoever answers',
    file: 'src/core/register/membership.ts',
    find: 'return voters.length === regions.length ? voters : null;',
    replace: 'return voters.length > 0 ? voters : null;',
    killedBy: unit('register/membership.test.ts', 'S2: a genesis goes on only with every table that it began with'),
  },
  {
    name: 'lagging-tables-stay',
    mistake: 'a table that missed a decision is never given it',
    file: 'src/core/watcher/drift-repair.ts',
    find: '!serviceView.register.isTidy &&',
    replace: 'false &&',
    killedBy: world('L1: a table that missed a decision is given it'),
  },
  {
    name: 'self-fence-never-after-epoch-1',
    mistake: 'a site that became active by a move is never cut off by its own region',
    file: 'src/core/watcher/fencing/lease.ts',
    find: 'return isUnborn(state, service) || isProvenStandby(service, memory, site) ?',
    replace:
      'return isUnborn(state, service) || isProvenStandby(service, memory, site) || (memory.decided?.register.epoch ?? 0) > 1 ?',
    killedBy: world('S16: a site that became active by a move cuts itself off out of contact'),
  },
  {
    name: 'self-fence-needs-a-claim',
    mistake: 'a region whose own table is dark too cannot cut its site off',
    file: 'src/core/kinds/fence.ts',
    find: 'isFreeOfClaim: ({ isIsolated, isSelfFence }) => isIsolated && isSelfFence,',
    replace: 'isFreeOfClaim: () => false,',
    killedBy: world('S16: a site cuts itself off though its own table is dark'),
  },
  {
    name: 'follower-promotes-unfenced',
    mistake: 'a member that follows its group does not fence its old site',
    file: 'src/core/decision/plan.ts',
    find: 'if (!movesActive(move)) return [];',
    replace: "if (!movesActive(move) || move.kind === 'follow') return [];",
    killedBy: unit('decision/plan.test.ts', 'S11: a member that follows its group fences its old site first'),
  },
  {
    name: 'loss-on-lossless-moves',
    mistake: 'a planned move of data that can be switched over may lose as much as the budget',
    file: 'src/core/kinds/promote.ts',
    find: 'run.isDataLossAllowed || (isBudgeted && !isLossless)',
    replace: 'run.isDataLossAllowed || isBudgeted',
    killedBy: unit('kinds/kinds.test.ts', 'S12: a planned move of data that can be switched over may lose nothing'),
  },
  {
    name: 'shift-by-live-loads',
    mistake: 'a shift goes by what the sites report while it changes what they report',
    file: 'src/core/watcher/run/shift-step.ts',
    find: 'demand: run.demand }',
    replace: 'demand: Object.values(knowledge.reports).reduce((sum, report) => sum + (report?.load ?? 0), 0) }',
    killedBy: unit('watcher/shift-step.test.ts', 'S8: a shift goes by the demand that it was decided by'),
  },
  {
    name: 'freeze-forgets-nothing',
    mistake: 'a watcher that was frozen goes on with the opinions that it had before',
    file: 'src/core/watcher/watcher.ts',
    find: 'if (gapMs <= frozenAfterTicks * state.tickMs) return false;',
    replace: 'if (gapMs >= 0) return false;',
    killedBy: world('S9: a watcher that was frozen starts from unknown'),
  },
  {
    name: 'up-time-over-a-gap',
    mistake: 'a watcher inherits for how long a site was up from one that has been dead for minutes',
    file: 'src/core/watcher/watcher.ts',
    find: 'inheritTime(state, predecessor, hasNoGap);',
    replace: 'inheritTime(state, predecessor, true);',
    killedBy: world('S7: the time that a site has been up is not inherited over a gap'),
  },
  {
    name: 'rejoin-when-not-down',
    mistake: 'a site that was left is a standby again while nobody knows how it is',
    file: 'src/core/decision/rejoin.ts',
    find: "if (facts.verdict === 'up') return true;",
    replace: "if (facts.verdict !== 'down') return true;",
    killedBy: unit('decision/rejoin.test.ts', 'S4: a site that was left is no standby before it is found up'),
  },
  {
    name: 'retry-is-due-while-paused',
    mistake: 'a run that failed is chosen to be tried again during a pause',
    file: 'src/core/watcher/run/retry.ts',
    find: '    pause !== null ||\n',
    replace: '',
    killedBy: unit('watcher/retry.test.ts', 'S7: no retry is due while a person has paused'),
  },
  {
    name: 'retry-overlooks-a-new-pause',
    mistake: 'a pause that was decided after the look does not stop the retry',
    file: 'src/core/watcher/run/retry.ts',
    find: " || current.run.state !== 'failed' || current.pause !== null)",
    replace: " || current.run.state !== 'failed')",
    killedBy: unit('watcher/retry.test.ts', 'S7: a pause decided meanwhile stops a retry'),
  },
  {
    name: 'read-only-is-not-told',
    mistake: 'clients inside the account are never told that data is being promoted',
    file: 'src/core/kinds/publication.ts',
    find: 'if (!hasOpenRun(register)) return false;',
    replace: 'if (register !== null) return false;',
    killedBy: unit('kinds/publication.test.ts', 'S12: clients are told that data is read-only while it is promoted'),
  },
];
