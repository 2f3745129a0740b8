import type { Answer } from '../../fault.ts';
import { fenceFor } from '../../kinds/fence.ts';
import type { Placed, RestFacts } from '../../kinds/kind.ts';
import { trafficKinds } from '../../kinds/kind-name.ts';
import { type Desired, kindOf } from '../../kinds/kinds.ts';
import { newOrder, type StepReport } from '../../kinds/order.ts';
import { writerQuestion } from '../../kinds/promote.ts';
import { type NamedService, preferredSite, sitesByPriority } from '../../model/service.ts';
import { genesis } from '../../register/register.ts';
import { tokenOf } from '../../register/run.ts';
import { all, type Routine } from '../../routine.ts';
import type { Evidence } from '../../tables/opinion-item.ts';
import type { GiveOrder } from '../run/hook-turns.ts';
import { endOf } from '../run/order-execution.ts';

/** How a site stands: whether it is the writer, and how many things that lead clients are as when it serves. */
interface Standing {
  readonly site: string;
  readonly isWriter: boolean;
  readonly ledTo: number;
}

/**
 * Asks the functions of a service which site its data and its traffic belong to now. Nothing is written.
 *
 * The writer comes before what leads clients, because clients who are led elsewhere can be led back, and data that was
 * written twice cannot. Of equals it is the preferred site.
 *
 * Oracles are no evidence: they say what the register says.
 *
 * @param give - how the orders are given, which only look
 */
export function* evidenceOf(
  service: NamedService,
  { ownRegion, controlRegions }: Pick<RestFacts, 'ownRegion' | 'controlRegions'>,
  give: GiveOrder,
): Routine<Evidence> {
  const home = preferredSite(service);
  const standings: Standing[] = [];
  for (const site of [home, ...sitesByPriority(service).filter((other) => other !== home)]) {
    const writer: readonly Placed<Desired>[] = writerQuestion(service, site);
    const facts = { service, register: genesis(site), ownRegion, controlRegions, epochAgeMs: 0 };
    const things = [...writer, ...trafficKinds.flatMap((name) => kindOf(name).atRest(facts))];
    const answers = yield* all(
      things.map(({ region, desired }) => give(region, newOrder(service, tokenOf(1, null), 'rehearse', desired))),
    );
    const silent = answers.findIndex((answer) => !answer.ok || saysNothing.includes(answer.value.outcome));
    const [thing, answer] = [things[silent], answers[silent]];
    if (thing && answer) return { kind: 'unknown', detail: wordsOf(thing, answer) };
    const isSo = answers.map((each) => each.ok && each.value.outcome === 'as-ordered');
    if (isSo.length > 0 && !isSo.includes(false)) return { kind: 'site', site };
    const ledTo = isSo.slice(writer.length).filter(Boolean).length;
    standings.push({ site, isWriter: isSo.slice(0, writer.length).includes(true), ledTo });
  }
  const [best] = standings.sort((a, b) => Number(b.isWriter) - Number(a.isWriter) || b.ledTo - a.ledTo);
  return best && (best.isWriter || best.ledTo > 0) ? { kind: 'site', site: best.site } : { kind: 'nobody' };
}

/** Sites whose fence is not read back as open: it is closed, or in part, or nobody can tell. Nothing is written. */
export function* closedFences(service: NamedService, give: GiveOrder): Routine<readonly string[]> {
  const fences = Object.keys(service.sites).flatMap((site) => fenceFor(service, site, false));
  const answers = yield* all(
    fences.map(({ region, desired }) => give(region, newOrder(service, tokenOf(1, null), 'rehearse', desired))),
  );
  const isOpen = answers.map((answer) => answer.ok && answer.value.outcome === 'as-ordered');
  return fences.filter((_, index) => !isOpen[index]).map(({ desired }) => desired.site);
}

/** Answers of a function that could not look, or that means other sites by these names. */
const saysNothing: readonly StepReport['outcome'][] = ['failed', 'disagreed'];

function wordsOf({ region, desired }: Placed<Desired>, answer: Answer<StepReport>): string {
  return `${kindOf(desired.kind).nameOf(desired)} in ${region}: ${endOf(answer).detail}`;
}
