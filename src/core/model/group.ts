/** Services that fail over together, to sites of the same name. */
export interface Group {
  /** Each member with the members that must have arrived before it; every member has the same sites. */
  readonly members: Readonly<Record<string, readonly string[]>>;
  /** Time within which all members must have arrived; absent sets no objective. */
  readonly recoveryTimeMs?: number | undefined;
}

/** The group that a service belongs to; null when it fails over alone. */
export function groupOf(
  deployment: { readonly groups: Readonly<Record<string, Group>> },
  service: string,
): (Group & { readonly name: string }) | null {
  const found = Object.entries(deployment.groups).find(([, { members }]) => Object.hasOwn(members, service));
  return found ? { name: found[0], ...found[1] } : null;
}

/**
 * Members in an order in which each comes after the members that it needs. The first one decides for all.
 *
 * @throws {RangeError} on a cycle, which the configuration rules out
 */
export function groupOrder({ members }: Group): readonly string[] {
  const order: string[] = [];
  const names = Object.keys(members).sort();
  while (order.length < names.length) {
    const next = names.find((name) => !order.includes(name) && members[name]?.every((need) => order.includes(need)));
    if (next === undefined) throw new RangeError('the members of a group wait for each other');
    order.push(next);
  }
  return order;
}
