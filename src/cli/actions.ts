import type { Actions } from './program.ts';
import type { Terminal } from './terminal.ts';

/** The verbs as they really are. Each loads its own modules, so that help and short verbs start at once. */
export function actionsOn(terminal: Terminal): Actions {
  return {
    operate: async (draft, flags) =>
      (await import('./operator/operator-command.ts')).runOperatorVerb(draft, flags, terminal),
    init: async (file, flags) => (await import('./deploy/init-command.ts')).init(file, flags, terminal),
    predict: async (flags) => (await import('./operator/predict-command.ts')).predictLoss(flags, terminal),
    doctor: async (file, flags) => (await import('./operator/doctor-command.ts')).doctor(file, flags, terminal),
    validate: async (files, flags) => (await import('./deploy/validate-command.ts')).validate(files, flags, terminal),
    tune: async (file, service, flags) =>
      (await import('./deploy/tune-command.ts')).tune(file, service, flags, terminal),
    cost: async (file, flags) => (await import('./deploy/cost-command.ts')).cost(file, flags, terminal),
    probe: async (file, site, flags) => (await import('./deploy/probe-command.ts')).probe(file, site, flags, terminal),
    simulate: async (paths, flags) => (await import('./simulate/simulate-command.ts')).simulate(paths, flags, terminal),
    fuzz: async (flags) => (await import('./simulate/fuzz-command.ts')).fuzz(flags, terminal),
    drill: async (flags) => (await import('./drill/drill-command.ts')).drill(flags, terminal),
    watch: async (service, flags) => (await import('./watch/watch-command.ts')).watch(service, flags, terminal),
    gameDay: async (service, flags) => (await import('./gameday/gameday-command.ts')).gameDay(service, flags, terminal),
    dashboard: async (flags) => (await import('./page/dashboard-command.ts')).dashboard(flags, terminal),
    lab: async (flags) => (await import('./lab/lab-command.ts')).lab(flags, terminal),
  };
}
