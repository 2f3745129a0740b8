import type { SiteReport } from '../../detection/observation.ts';
import { hasOneWriter } from '../../model/data.ts';
import type { NamedService } from '../../model/service.ts';
import { withoutLeft, withReleased } from '../../register/owed-fence.ts';
import type { Register } from '../../register/register.ts';
import { calmReasons, type Decision, hold, type MoveDecision } from '../decision-input.ts';
import { isWriting } from '../rejoin.ts';

/**
 * The writer of the data that somebody has moved outside of this tool, in the console of AWS for example.
 *
 * Whether that was meant, nobody here knows. So no traffic follows by itself: the register learns who writes, the
 * service is stuck until a person moves it, and every later move starts from the true writer.
 */

/**
 * The site that writes by what its own API and that of the register's writer say; null while the register is right, and
 * while anything is unknown. A run that is under way, or has failed, moves the data itself.
 *
 * The register's writer must be a replica, and one other site alone may write. The API that knows all members says so
 * of them; where none does, each other site must be known as a replica.
 *
 * @param reports - what the watchers know of each site; may be as old as the newest surveys
 */
export function provenWriter(
  service: NamedService,
  register: Register,
  reports: Readonly<Record<string, SiteReport>>,
): string | null {
  const { writer } = register;
  if (!isAtRest(service, register) || reports[writer]?.dataRole !== 'replica') return null;
  const sites = Object.keys(service.sites);
  const [site, ...more] = sites.filter((name) => isWriting(reports[name]));
  if (site === undefined || more.length > 0) return null;
  const isKnown = sites.every((name) => name === site || reports[name]?.dataRole === 'replica');
  return isKnown || reports[site]?.dataRole === 'sole-writer' ? site : null;
}

/**
 * The register once it knows that another site writes. The site that clients are led to may be the writer again by the
 * time that anything moves: a move fences both. A fence that the writer owed is released: it kept a second writer away,
 * and now it keeps the only one.
 */
export function withProvenWriter(register: Register, site: string): Register {
  const promoting = site === register.active ? [] : [register.active];
  return withReleased(withoutLeft({ ...register, writer: site, promoting }), [site]);
}

/**
 * Sites that were left before there was data, and that their own API calls replicas now, while the register's writer
 * writes by its own: none of them is the writer.
 */
export function provenReplicas(
  service: NamedService,
  register: Register,
  reports: Readonly<Record<string, SiteReport>>,
): readonly string[] {
  const { leftUnpromoted = [], writer } = register;
  if (!isAtRest(service, register) || !isWriting(reports[writer])) return [];
  return leftUnpromoted.filter((site) => reports[site]?.dataRole === 'replica');
}

/** The site that writes while clients are led to another one, and no run is about to change that; null: none. */
export function writerElsewhere(service: NamedService, register: Register): string | null {
  const { writer, active } = register;
  return isAtRest(service, register) && writer !== active && service.sites[writer] !== undefined ? writer : null;
}

/** The same in words; null when the data is written where clients are led to. */
export function elsewhereText(service: NamedService, register: Register): string | null {
  const writer = writerElsewhere(service, register);
  return writer === null ? null : `the data is written at ${writer}, and clients are led to ${register.active}`;
}

/** The decision to say so, where another one would say that all is well; null where it would not, or all is. */
export function whatIsElsewhere(service: NamedService, register: Register, { reason }: Decision): Decision | null {
  const text = elsewhereText(service, register);
  return text === null || !calmReasons.includes(reason) ? null : hold('writer-elsewhere', text);
}

/**
 * What keeps a move that no fault asks for from beginning: it would take the data from the site that a person has made
 * the writer. One to that site is what brings clients there.
 */
export function keptByWriter(service: NamedService, register: Register, { run, to }: Pick<MoveDecision, 'run' | 'to'>) {
  const text = elsewhereText(service, register);
  const isByFault = run !== 'failback' && run !== 'switchover';
  return text === null || isByFault || to === register.writer ? null : hold('writer-elsewhere', text);
}

function isAtRest(service: NamedService, { run }: Register): boolean {
  return service.mode === 'active-passive' && hasOneWriter(service) && (run === null || run.state === 'done');
}
