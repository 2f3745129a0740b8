import type { NamedService } from '../../core/model/service.ts';
import type { SimEvent } from '../event.ts';
import type { Branch } from '../world/clients/writes.ts';
import type { World } from '../world/world.ts';
import { beginsEpoch, checkerKind, type NoteStake, Spells, serviceIn } from './checker.ts';
import { isFoundedByPerson } from './facts/founded.ts';
import { isUnknownWriter } from './facts/outside-writer.ts';
import { isReleasedToWrite } from './facts/released.ts';
import { Silence } from './facts/silence.ts';

type Stakes = 'budget' | 'loss' | 'override';
/** Whether a move was allowed to lose data, and whether the history shows it. */
type Override = 'audited' | 'hidden' | 'none';

/**
 * S12: no loss beyond the declared data budget without an explicit, audited override.
 *
 * Judged by what was truly lost: what clients were told is kept at the old site and the new one has not got, for as
 * long as the old one goes on taking it. Where data is promoted without a declared budget, the budget is nothing. For
 * as long as the watchers' knowledge may be old, a loss may be above it. What was lost within the budget is kept for
 * people: no old instance is deleted.
 */
export const dataBudget = checkerKind({
  property: 'S12',
  stakes: ['budget', 'loss', 'override'],
  make: (world, stake: NoteStake<Stakes>) => {
    const spells = new Spells();
    /** Of the newest move to each site, by the key that outlives its names. */
    const overrides = new Map<string, Override>();
    /** Of the move that each branch came from. */
    const allowed = new Map<Branch, Override>();
    const silence = new Silence(world);
    const unproven = new Set<Branch>();
    const judge = (service: NamedService, branch: Branch) => {
      const from = world.sites.nameOf(service.name, branch.from);
      // Who forces a move away from a site that a deployment has dropped leaves one that nobody can close any more.
      if (service.sites[from] === undefined) unproven.add(branch);
      // Where nobody is left who could fence, and nobody can tell, the lease is all there is: README.md says so.
      if (service.sites[from]?.fence && silence.standsInForProof(service, from)) unproven.add(branch);
      if (unproven.has(branch)) return null;
      const budgetMs = budgetOf(world, service, branch);
      if (budgetMs === null) return null;
      const key = `${branch.service} ${branch.atMs}`;
      const register = world.decisions.newest(branch.service);
      const isReleased = register !== null && isReleasedToWrite(world, service.name, register, from);
      const override = isReleased
        ? 'audited'
        : (allowed.get(branch) ?? overrides.get(world.sites.keyOf(branch.service, branch.to)) ?? 'none');
      allowed.set(branch, override);
      if (spells.begins(key, true)) stake('budget');
      const { lostMs, writes } = world.writes.lossOf(branch);
      if (spells.begins(`${key} lost`, writes > 0)) stake('loss');
      const knowledgeAgeMs = service.detection.opinionTtlMs + 2 * service.detection.intervalMs;
      if (lostMs <= budgetMs + knowledgeAgeMs) return null;
      if (override === 'audited') {
        if (spells.begins(`${key} allowed`, true)) stake('override');
        return null;
      }
      if (!spells.begins(`${key} told`, true)) return null;
      const what = `${branch.to} of ${service.name} goes on without ${lostMs} ms of what ${branch.from} had acknowledged`;
      return override === 'hidden'
        ? `${what}, by an override that the history does not show`
        : `${what}, budget ${budgetMs} ms`;
    };
    return {
      hear: (event) => {
        silence.hear(event);
        // Who founds a register again answers, in its history, for who writes.
        if (event.type === 'decided' && isFoundedByPerson(event.register))
          overrides.set(world.sites.keyOf(event.service, event.register.active), 'audited');
        if (event.type === 'decided' && event.register.run !== null) {
          const { run, history, epoch } = event.register;
          const isAudited = history.some((line) => line.epoch === epoch && line.what.includes('data loss allowed'));
          // A person may allow it of a move that is under way.
          if (beginsEpoch(event) || run.isDataLossAllowed)
            overrides.set(
              world.sites.keyOf(event.service, run.to),
              run.isDataLossAllowed ? (isAudited ? 'audited' : 'hidden') : 'none',
            );
        }
        // So does who promotes data by hand, for what that leaves behind and for what nobody knows is taken there.
        if (event.type === 'writer' && isOfPerson(world, event))
          overrides.set(world.sites.keyOf(event.service, event.writer), 'audited');
        if (event.type === 'write' && event.thing === 'rebuild') {
          const [site] = world.databases.deletedAt(event.order.service);
          return site === undefined ? null : `the old instance of ${site} was deleted, and what only it had is gone`;
        }
        if (event.type !== 'client') return null;
        const branch = world.writes.branches.findLast(({ service }) => service === event.service);
        return branch ? judge(serviceIn(world, event.service), branch) : null;
      },
    };
  },
});

function isOfPerson(world: World, { service, from, isByHand }: SimEvent & { readonly type: 'writer' }): boolean {
  return isByHand || isUnknownWriter(world, service, world.decisions.newest(service), from);
}

/**
 * Null where nothing is promised: no data is promoted, and no limit is set or nothing could stop the old site's writes.
 */
function budgetOf(world: World, { name, failover, sites }: NamedService, { from }: Branch): number | null {
  const limitMs = failover.maxReplicationLagMs;
  if (world.databases.writerOf(name) !== null) return limitMs ?? 0;
  return sites[world.sites.nameOf(name, from)]?.fence === undefined ? null : (limitMs ?? null);
}
