import { type NamedService, sitesByPriority } from './deployment.ts';
import type { Publication } from './order.ts';
import type { Register } from './register/register.ts';
import { shareOf } from './share.ts';

/**
 * What inside clients are told: the sites that serve, best first. In active-passive the first one is the active site; in
 * a pool the largest share comes first.
 *
 * @returns no endpoints while the static endpoint serves: inside clients have none
 */
export function publicationOf(service: NamedService, register: Register): Publication {
  const order = sitesByPriority(service);
  const serving = register.serving
    .filter((site) => order.includes(site))
    .sort(
      (a, b) => shareOf(service, register, b) - shareOf(service, register, a) || order.indexOf(a) - order.indexOf(b),
    );
  const endpoints = serving.flatMap((site) => {
    const url = service.clients?.endpoints[site];
    return url === undefined ? [] : [{ site, url }];
  });
  return { service: service.name, epoch: register.epoch, endpoints, isReadOnly: isPromoting(register) };
}

/** Whether data is on its way from one site to another: what is written now may be refused or lost. */
function isPromoting({ run }: Register): boolean {
  return (
    run?.steps.some(({ name, state }) => name === 'promote' && (state === 'pending' || state === 'failed')) ?? false
  );
}
