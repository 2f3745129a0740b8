import { expect, it } from 'vitest';
import { type FunctionKind, functionName } from '../../../../../src/config/plan/names.ts';
import type { FunctionSpec, PolicyDocument, RoleSpec } from '../template/template.ts';
import type { World } from '../world.ts';
import { askPermission, type Permission, permissionsOf } from './permission.ts';
import { strangePermissions } from './strange-permissions.ts';

/**
 * Tests that come after a world's scenarios: IAM, asked about every call that was made in them, and about others.
 */
export function describePermissions(worldOf: () => World): void {
  const specs = () => worldOf().stacks.flatMap((stack) => stack.functions);

  it('is allowed every call that it made, by the policies of its template', async () => {
    const calls = recordedPermissions(worldOf());

    const refused: unknown[] = [];
    for (const { owner, permission } of calls) {
      const answer = await askPermission(owner.policies, permission);
      if (answer !== 'Allowed') refused.push({ owner: ownerText(owner), ...permission, answer });
    }

    expect(calls.length).toBeGreaterThan(specs().length);
    expect(refused).toEqual([]);
    const actions = [...new Set(calls.map(({ permission }) => permission.action))].sort();
    console.log(JSON.stringify({ evaluated: calls.length, calls: worldOf().proxy.calls.length, actions }));
  });

  it('is denied what it has no business with', async () => {
    const allowed: unknown[] = [];
    let asked = 0;
    for (const spec of specs()) {
      for (const permission of strangePermissions(worldOf(), spec, kindOf(worldOf().deployment.name, spec))) {
        asked += 1;
        const answer = await askPermission(spec.policies, permission);
        if (answer !== 'ImplicitlyDenied' && answer !== 'ExplicitlyDenied') {
          allowed.push({ function: spec.name, region: spec.region, ...permission, answer });
        }
      }
    }

    expect(asked).toBeGreaterThan(20 * specs().length);
    expect(allowed).toEqual([]);
  });

  it('is refused a call that it made once a statement is taken from its policies', async () => {
    const calls = recordedPermissions(worldOf());
    const neverNeeded: string[] = [];
    for (const owner of [...specs(), ...worldOf().stacks.flatMap(({ roles }) => roles)]) {
      const own = calls.filter((call) => call.owner === owner);
      if (own.length === 0) continue;
      const without = policiesWithoutOne(owner.policies);
      const needed: boolean[] = [];
      for (const policies of without) {
        const answers = await Promise.all(own.map(({ permission }) => askPermission(policies, permission)));
        needed.push(answers.some((answer) => answer !== 'Allowed'));
      }
      if (!needed.includes(true)) neverNeeded.push(ownerText(owner));
    }

    expect(neverNeeded).toEqual([]);
  });
}

interface RecordedPermission {
  /** Whose policies decide: those of the function, or of the role that it had taken. */
  readonly owner: FunctionSpec | RoleSpec;
  readonly permission: Permission;
}

function ownerText(owner: FunctionSpec | RoleSpec): string {
  return 'region' in owner ? `${owner.region} ${owner.name}` : `${owner.account} ${owner.name}`;
}

/** What was asked of AWS, each once. */
function recordedPermissions(world: World): readonly RecordedPermission[] {
  const specs = world.stacks.flatMap((stack) => stack.functions);
  const known = new Map<string, RecordedPermission>();
  for (const call of world.proxy.calls) {
    const spec = specs.find(({ name, region }) => name === call.caller && region === call.callerRegion);
    if (!spec) throw new Error(`a call by nobody: ${call.accessKeyId} ${call.service}:${call.operation}`);
    const owner = call.role ?? spec;
    for (const permission of permissionsOf(call)) {
      known.set(`${ownerText(owner)} ${JSON.stringify(permission)}`, { owner, permission });
    }
  }
  return [...known.values()];
}

/** The policies with each statement left out in turn. */
function policiesWithoutOne(policies: readonly PolicyDocument[]): readonly (readonly PolicyDocument[])[] {
  return policies.flatMap((policy, place) =>
    policy.Statement.map((_, statement) => {
      const Statement = policy.Statement.filter((_each, index) => index !== statement);
      return policies.map((each, index) => (index === place ? { ...each, Statement } : each)).filter(hasStatements);
    }),
  );
}

function hasStatements(policy: PolicyDocument): boolean {
  return policy.Statement.length > 0;
}

function kindOf(deployment: string, { name }: FunctionSpec): FunctionKind {
  const prefix = functionName(deployment, 'watcher').slice(0, -'watcher'.length);
  return name.slice(prefix.length) as FunctionKind;
}
