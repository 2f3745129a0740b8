import type { NamedService } from '../../model/service.ts';
import { withoutLeft, withReleased } from '../../register/owed-fence.ts';
import type { Register } from '../../register/register.ts';
import { movesActive, type Run } from '../../register/run.ts';

/** A register with a run, under way or not. */
export type Running = Register & { readonly run: Run };

/**
 * The register with the new site as writer. With data, this happens once the API says that the site writes; without
 * data, once clients were sent to the site. A pool's writer is its first site, but for a move that was begun before the
 * service became a pool: that ends as it began.
 */
export function withWriter(service: NamedService, register: Running): Running {
  const { run } = register;
  const isPool = service.mode === 'active-active';
  if (!movesActive(run)) return isPool ? { ...register, writer: register.active } : register;
  const promote = run.steps.find(({ name }) => name === 'promote');
  // A person who skips the promotion states that it has been done.
  const isTakenOnTrust = promote === undefined || promote.state === 'skipped';
  const isWriter = isTakenOnTrust ? register.serving.includes(run.to) : promote.state === 'done';
  if (!isWriter) return register;
  const reached = run.state === 'failed' ? register.setbacks : register.setbacks.filter(({ site }) => site !== run.to);
  const settled = { ...register, writer: run.to, promoting: [], setbacks: reached };
  return withReleased(promote === undefined ? leaving(settled, register.writer) : withoutLeft(settled), [run.to]);
}

/** The register with one more site that was left without a promotion; what it left before is not forgotten. */
function leaving(register: Running, former: string): Running {
  const left = [...new Set([...(register.leftUnpromoted ?? []), former])].filter((site) => site !== register.writer);
  return left.length === 0 ? withoutLeft(register) : { ...register, leftUnpromoted: left };
}
