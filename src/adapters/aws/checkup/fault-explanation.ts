import { stateTableName } from '../../../config/plan/names.ts';
import { passedTime } from '../../../core/checkup/passed-time.ts';
import type { PortError } from '../../../ports/port-error.ts';
import { credentialsTrouble } from '../accounts/identity.ts';

/** What a call to a state table was about. */
export interface TableCall {
  readonly deployment: string;
  /** Account of the credentials; null when it is not known, or there is none. */
  readonly account: string | null;
  /** How long the call was waited for. */
  readonly deadlineMs: number;
}

const noTable = 'has no table';

/** Whether {@link explainFault} said that a region does not have the table at all. */
export function isMissingTable(explained: string): boolean {
  return explained.startsWith(noTable);
}

/** Longest part of what AWS said that is passed on. */
const saidLengthMax = 160;

/** Says in words what a state table's region did instead of answering, and what that may mean. */
export function explainFault(error: PortError, { deployment, account, deadlineMs }: TableCall): string {
  const table = stateTableName(deployment);
  if (errorName(error) === 'ResourceNotFoundException') {
    const where = account === null ? '' : ` of account ${account}`;
    return `${noTable} ${table}${where}: not deployed there, or under another name or account`;
  }
  const explained = explainCall(error, deadlineMs);
  return error.fault.kind === 'denied' && credentialsTrouble(error) === null
    ? `${explained} on table ${table}`
    : explained;
}

/** The name that AWS gave to what went wrong. */
export function errorName({ cause, name }: PortError): string {
  return cause instanceof Error ? cause.name : name;
}

/**
 * Says in words what AWS did instead of answering.
 *
 * @param deadlineMs - how long the call was waited for
 */
export function explainCall(error: PortError, deadlineMs: number): string {
  const { message } = error.cause instanceof Error ? error.cause : error;
  const raisedAlert = credentialsTrouble(error);
  if (raisedAlert === 'expired') return 'the credentials have expired';
  if (raisedAlert === 'missing') return `no credentials: ${shorten(message)}`;
  if (raisedAlert === 'rejected') return 'does not know these credentials; is the region enabled in their account?';
  switch (error.fault.kind) {
    case 'denied':
      return `access denied: ${deniedAction(message) ?? shorten(message)}`;
    case 'timeout':
      return `no answer within ${passedTime(deadlineMs)}`;
    case 'throttled':
      return `throttled: ${shorten(message)}`;
    case 'unavailable':
      return `cannot be reached: ${shorten(error.fault.detail)}`;
    case 'invalid':
      return shorten(error.fault.detail);
  }
}

/** `User: arn:... is not authorized to perform: dynamodb:BatchGetItem on resource: ...`, as IAM puts it. */
function deniedAction(message: string): string | null {
  return /not authorized to perform: ([\w:-]+)/.exec(message)?.[1] ?? null;
}

function shorten(text: string): string {
  const [line = ''] = text.split('\n');
  return line.length > saidLengthMax ? `${line.slice(0, saidLengthMax)}...` : line;
}
