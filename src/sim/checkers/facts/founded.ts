import type { Register } from '../../../core/register/register.ts';

/**
 * Whether a person has founded a register again after its tables were lost, and nothing has moved since: where the
 * service is, and who writes, is that person's word.
 */
export function isFoundedByPerson({ run, history }: Pick<Register, 'run' | 'history'>): boolean {
  return run === null && history.some(({ what }) => what.startsWith('founded again with '));
}
