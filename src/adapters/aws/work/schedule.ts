import type { WorkSeen } from '../../../core/kinds/work.ts';
import type { Work } from '../../../core/model/site.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import { requestJson } from '../wire/signed-request.ts';

type Schedule = Extract<Work, { kind: 'eventbridge-schedule' }>;

/** A schedule as EventBridge Scheduler gives it: its fields by name, also those that nobody here knows. */
type Fields = Readonly<Record<string, unknown>>;

/** What EventBridge Scheduler tells of a schedule and does not take. Source: its API Reference, `GetSchedule`. */
const toldOnly: readonly string[] = ['Arn', 'CreationDate', 'LastModificationDate', 'Name'];

/** Whether a schedule of EventBridge Scheduler runs. */
export async function readSchedule(clients: AwsClients, region: string, schedule: Schedule): Promise<WorkSeen> {
  const { State } = await fieldsOf(clients, region, schedule);
  if (State === 'ENABLED') return 'on';
  if (State === 'DISABLED') return 'off';
  throw new PortError({ kind: 'unavailable', detail: `the schedule ${schedule.name} is ${String(State)}` });
}

/**
 * Turns a schedule of EventBridge Scheduler on or off.
 *
 * `UpdateSchedule` puts every field that is not sent back to its default. So all of them are read first, and written
 * back as they are but for the state. They are sent as the JSON that came, so that a field of which no SDK here knows
 * is kept too. What somebody else writes between the two calls is lost: the API takes no condition. Source: EventBridge
 * Scheduler API Reference, `UpdateSchedule`.
 */
export async function turnSchedule(
  clients: AwsClients,
  region: string,
  schedule: Schedule,
  isOn: boolean,
): Promise<void> {
  const told = Object.entries(await fieldsOf(clients, region, schedule));
  const kept = Object.fromEntries(told.filter(([name, value]) => !toldOnly.includes(name) && value !== null));
  const body: Fields = { ...kept, GroupName: schedule.group, State: isOn ? 'ENABLED' : 'DISABLED' };
  const update = (fields: Fields) =>
    requestJson(clients, { region, service: 'scheduler', method: 'PUT', path: pathOf(schedule), body: fields });
  try {
    await update(body);
  } catch (error) {
    // A new schedule must not begin in the past, and nothing says whether that holds for one that has begun long ago.
    // Its beginning is over then, and work that cannot be turned off is worse than a rate that counts anew.
    const { StartDate, ...begun } = body;
    if (StartDate === undefined || !isAboutStart(error)) throw error;
    await update(begun);
  }
}

/** @throws {PortError} `invalid` when the region has no such schedule */
async function fieldsOf(clients: AwsClients, region: string, schedule: Schedule): Promise<Fields> {
  const query = { groupName: schedule.group };
  const request = { region, service: 'scheduler', method: 'GET', path: pathOf(schedule), query } as const;
  const answer = await requestJson(clients, request);
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) {
    throw new PortError({ kind: 'unavailable', detail: `no answer about the schedule ${schedule.name}` });
  }
  return answer as Fields;
}

function pathOf({ name }: Schedule): string {
  return `/schedules/${name}`;
}

function isAboutStart(error: unknown): boolean {
  const cause = error instanceof PortError ? error.cause : error;
  return cause instanceof Error && cause.name === 'ValidationException' && /StartDate/i.test(cause.message);
}
