import type { PlantedBug } from './planted-bug.ts';
import { seeingRegisters } from './registers.ts';
import { onAnswer } from './tamper.ts';

/** Bugs in what is known of a site that was left, and of who truly writes. */
export const fencingBugs: readonly PlantedBug[] = [
  {
    name: 'owed-fence-is-opened',
    property: 'L1',
    mistake: 'a site that was left is taken for a replica, whatever its data says',
    tamper: () => onAnswer('survey', (survey) => ({ ...survey, isReplica: true })),
  },
  {
    name: 'owed-fence-never-opens',
    property: 'L1',
    mistake: 'nobody reads what would open the fence of a site that was left',
    tamper: () => onAnswer('survey', ({ isReplica: _replica, isWellInside: _well, ...survey }) => survey),
  },
  {
    name: 'writer-is-forgotten',
    property: 'S11',
    mistake:
      'the site that the newest decision aimed at is taken for the one that writes, and what was owed is forgotten',
    tamper: () => seeingRegisters((register) => ({ ...register, writer: register.active, owed: [] })),
  },
];
