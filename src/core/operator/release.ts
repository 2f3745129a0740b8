import { roleOfData } from '../decision/owed-report.ts';
import type { SiteKnowledge } from '../detection/site-knowledge.ts';
import type { NamedService } from '../model/service.ts';
import { type FenceProof, withReleased } from '../register/owed-fence.ts';
import { hasOpenRun, type Register } from '../register/register.ts';

/** A person's order to open a fence that is owed. */
export interface ReleaseOrder {
  readonly site: string;
  /** Whether the person accepts the risk that the site takes writes beside the writer. */
  readonly areTwoWritersAllowed: boolean;
}

/** The outcome: the register without the owed fence and the line for its history, or why it is refused. */
export type ReleaseOutcome =
  | { readonly outcome: 'accepted'; readonly register: Register; readonly what: string; readonly message: string }
  | { readonly outcome: 'unchanged' | 'refused'; readonly message: string };

const proofs: Readonly<Record<FenceProof, string>> = {
  none: 'not proven closed',
  closed: 'read back as closed',
  lease: 'unproven, by lease',
};

/**
 * Judges a person's release of an owed fence. The message always begins with what is known of the site and of its data.
 * When the site's data takes writes, or nothing is known of it, the release needs `areTwoWritersAllowed`.
 */
export function releaseFence(
  { site, areTwoWritersAllowed }: ReleaseOrder,
  service: NamedService,
  register: Register,
  knowledge: SiteKnowledge,
): ReleaseOutcome {
  const owed = register.owed.find((fence) => fence.site === site);
  if (owed === undefined) return { outcome: 'unchanged', message: `the fence of ${site} is not owed` };
  const data = roleOfData(service, register, site, knowledge.reports[site]);
  const known = [
    `${site} is ${knowledge.verdicts[site] ?? 'unclear'}`,
    `its fence is owed since epoch ${owed.epoch}, ${proofs[owed.proof]}`,
    data === null ? 'no data with one writer' : `its data: ${data}`,
  ].join('; ');
  const refused = (why: string) => ({ outcome: 'refused', message: `${known}\n${why}` }) as const;
  if (hasOpenRun(register))
    return refused(`a ${register.run.kind} is in progress; release the fence when it has ended`);
  if (register.active === site || register.writer === site)
    return refused(`${site} is about to serve: its fence opens once its data is known to take writes`);
  const isRisky = data === 'takes writes' || data === 'not known';
  if (isRisky && !areTwoWritersAllowed) {
    const risk =
      data === 'takes writes'
        ? `${site} would take writes beside ${register.writer}: make its data a replica first`
        : `${site} may take writes beside ${register.writer}: find out first whether its data is a replica`;
    return refused(`${risk}, or take that risk by --allow-two-writers`);
  }
  return {
    outcome: 'accepted',
    register: withReleased(register, [site]),
    what: `release the fence of ${site} (${known})${isRisky ? ', two writers allowed' : ''}`,
    message: `${known}\nthe fence of ${site} is released; it opens within seconds`,
  };
}
