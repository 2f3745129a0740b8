import { type Asked, bad, type Check, ok, unknown } from './check.ts';
import { notAsked, type Reading, unreadCheck } from './reading.ts';

/** What refuses an action: no policy of the role allows it, or something above the role forbids it. */
export type Refuser = 'role' | 'boundary' | 'organization';

/** One action on one resource that a function needs. */
export interface NeededAction {
  readonly action: string;
  readonly resource: string;
}

/** One that IAM says it would refuse. */
export interface Refusal extends NeededAction {
  readonly by: Refuser;
}

/** What IAM says of the role of a function. */
export interface RoleAnswer {
  readonly role: string;
  /** How many actions on resources were asked about. */
  readonly askedCount: number;
  readonly refused: readonly Refusal[];
  /** Refused as long as nobody says what these keys of a condition are in a real request. */
  readonly unsure: readonly (NeededAction & { readonly keys: readonly string[] })[];
}

/** The role of one deployed function. */
export interface FunctionRole {
  readonly region: string;
  /** What the function is for, such as `watcher`. */
  readonly kind: string;
  /** Null: there is no such function. */
  readonly reading: Reading<RoleAnswer | null>;
}

/** The roles that functions take in another account. */
export interface AccountRoles {
  readonly account: string;
  /** What they are for, such as `fence us-west-2`. */
  readonly functions: readonly string[];
}

/** What the roles in other accounts allow is not asked; whether they can be taken, the check `role` says. */
export function accountRoleCheck({ account, functions }: AccountRoles): Check {
  const of = `what the roles there allow (${functions.join(', ')}): `;
  return unreadCheck({ name: 'permissions', subject: account }, notAsked(account), of);
}

/** Most refusals of one function that are named one by one. */
const namedMax = 3;

/** Whether each function may do what the configuration needs, a finding a function that may not, one line a region. */
export function permissionChecks(roles: readonly FunctionRole[]): readonly Check[] {
  const regions = [...new Set(roles.map(({ region }) => region))];
  return regions.flatMap((region) =>
    checksOf(
      region,
      roles.filter((role) => role.region === region),
    ),
  );
}

function checksOf(region: string, roles: readonly FunctionRole[]): readonly Check[] {
  const asked = { name: 'permissions', subject: region };
  const missing = roles.filter(({ reading }) => reading.kind === 'read' && reading.value === null);
  const known = roles.flatMap(({ kind, reading }) =>
    reading.kind === 'read' && reading.value !== null ? [{ kind, answer: reading.value }] : [],
  );
  const well = known.filter(({ answer }) => answer.refused.length === 0 && answer.unsure.length === 0);
  const count = well.reduce((sum, { answer }) => sum + answer.askedCount, 0);
  return [
    ...(missing.length === 0 ? [] : [missingCheck(asked, namesOf(missing))]),
    ...known.flatMap(({ kind, answer }) => refusedCheck({ ...asked, subject: `${region}/${kind}` }, answer)),
    ...unreadChecks(asked, roles),
    ...(well.length === 0 ? [] : [ok(asked, `${namesOf(well)} may do what they need: asked of ${count} actions`)]),
  ];
}

function missingCheck(asked: Asked, names: string): Check {
  return bad(
    asked,
    `there is no function for ${names}`,
    `deploy the stack of ${asked.subject}: "npx cdk deploy --all"`,
  );
}

function refusedCheck(asked: Asked, { role, refused, unsure }: RoleAnswer): readonly Check[] {
  if (refused.length > 0) {
    const [first] = refused;
    return [bad(asked, `would be refused ${listed(refused)}`, todoOf(first?.by ?? 'role', role))];
  }
  if (unsure.length === 0) return [];
  const keys = [...new Set(unsure.flatMap((one) => one.keys))].sort().join(', ');
  const found = `may be refused ${listed(unsure)}: that rests on ${keys}, which only a real request has`;
  return [unknown(asked, found, `see the conditions in the policies of ${role} and in its permissions boundary`)];
}

function todoOf(by: Refuser, role: string): string {
  switch (by) {
    case 'role':
      return `deploy the stack again; if that does not help, see who changed the policies of ${role}`;
    case 'boundary':
      return `the permissions boundary of ${role} does not allow it: have that changed`;
    case 'organization':
      return 'a service control policy of the organization does not allow it: ask whoever runs the organization';
  }
}

/** What could not be asked, functions of one reason together. */
function unreadChecks(asked: Asked, roles: readonly FunctionRole[]): readonly Check[] {
  const whys = roles.flatMap(({ reading }) => (reading.kind === 'unread' ? reading.why : []));
  return [...new Set(whys)].map((why) => {
    const same = roles.filter(({ reading }) => reading.kind === 'unread' && reading.why === why);
    return unreadCheck(asked, { kind: 'unread', why }, `of ${namesOf(same)}: `);
  });
}

function listed(actions: readonly NeededAction[]): string {
  const named = actions.slice(0, namedMax).map(({ action, resource }) => `${action} on ${resource}`);
  const more = actions.length - named.length;
  return more === 0 ? named.join('; ') : `${named.join('; ')}; and ${more} more`;
}

function namesOf(roles: readonly { readonly kind: string }[]): string {
  return roles.map(({ kind }) => kind).join(', ');
}
