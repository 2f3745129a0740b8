import type { Actions } from './program.ts';
import type { Terminal } from './terminal.ts';

/** The verbs as they really are. Each loads its own modules, so that help and short verbs start at once. */
export function actionsOn(terminal: Terminal): Actions {
  return {
    operate: async (draft, flags) => (await import('./commands/operator.ts')).runOperatorVerb(draft, flags, terminal),
    validate: async (files, flags) => (await import('./commands/validate.ts')).validate(files, flags, terminal),
    cost: async (file, flags) => (await import('./commands/cost.ts')).cost(file, flags, terminal),
    simulate: async (paths, flags) => (await import('./commands/simulate.ts')).simulate(paths, flags, terminal),
    fuzz: async (flags) => (await import('./commands/fuzz.ts')).fuzz(flags, terminal),
    drill: async (flags) => (await import('./commands/drill.ts')).drill(flags, terminal),
    lab: async (flags) => (await import('./commands/lab.ts')).lab(flags, terminal),
  };
}
