import { carriesMax, waitingReserves } from '../decision/capacity.ts';
import { type DemandInput, demandOf } from '../decision/demand.ts';
import { chooseCandidate } from '../decision/eligibility.ts';
import type { NamedService } from '../model/service.ts';
import { rampPercent } from '../register/share.ts';
import { type Check, doubtful, ok, unknown } from './check.ts';

/** Whether the sites that would be left can carry what all clients ask for, for each serving site that may be lost. */
export function capacityChecks(input: DemandInput): readonly Check[] {
  const { service, register } = input;
  return service.mode === 'active-active'
    ? register.serving.filter((site) => rampPercent(register, site) > 0).map((site) => poolCheck(input, site))
    : [standbyCheck(input)];
}

function poolCheck(input: DemandInput, lost: string): Check {
  const asked = { name: 'capacity', subject: `${input.service.name} without ${lost}` };
  const { register, service, knowledge } = input;
  const left = [
    ...register.serving.filter((site) => site !== lost && rampPercent(register, site) > 0),
    ...waitingReserves(service, register, knowledge),
  ];
  const carried = left.reduce((sum, site) => sum + carriesMax(service, knowledge, site, 'full'), 0);
  return compare(asked, carried, demandOf(input), input.service);
}

function standbyCheck(input: DemandInput): Check {
  const { service, register, knowledge } = input;
  const asked = { name: 'capacity', subject: `${service.name} without ${register.active}` };
  const to = chooseCandidate(service, register, knowledge);
  if (to === null) return unknown(asked, 'no site may take over');
  const demand = demandOf(input);
  if (demand !== null) return compare(asked, carriesMax(service, knowledge, to, 'full'), demand, service);
  const [own = 0, active = 0] = [to, register.active].map((site) => service.sites[site]?.capacity);
  const found = `${to} is declared with ${own}, ${register.active} with ${active}; no site reports its load`;
  return own >= active ? ok(asked, found) : doubtful(asked, found, enlarge);
}

const enlarge = 'add capacity to the sites that are left, or have clients ask for less';

function compare(
  asked: Pick<Check, 'name' | 'subject'>,
  carried: number,
  demand: number | null,
  service: NamedService,
) {
  if (demand === null)
    return unknown(asked, `${round(carried)} would be left; no site reports its load`, 'give the sites measures.load');
  const found = `${round(carried)} would be left for ${round(demand)}, at ${service.capacity.limitPercent} % full`;
  return carried >= demand ? ok(asked, found) : doubtful(asked, found, enlarge);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
