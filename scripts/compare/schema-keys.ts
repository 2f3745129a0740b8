import type { JsonSchema } from '../../src/config/published/json-schema.ts';

/** Keys that choose one of several forms. */
const choosing = ['kind', 'type', 'mode', 'policy'] as const;

/**
 * What a service can be given, as `scripts/compare/list.ts` writes it: `traffic.address` for a key,
 * `sites.scale:ecs-service` for a choice of one. Names of sites and places in lists are left out.
 */
export function schemaKeys(schema: JsonSchema): ReadonlySet<string> {
  const keys = new Set<string>();
  const walk = (node: JsonSchema, path: string): void => {
    for (const part of [...(node.anyOf ?? []), ...(node.oneOf ?? [])]) walk(part, path);
    if (node.items) walk(node.items, path);
    if (node.additionalProperties) walk(node.additionalProperties, path);
    for (const [name, child] of Object.entries(node.properties ?? {})) {
      const below = path === '' ? name : `${path}.${name}`;
      keys.add(below);
      // `fence: { kind: ... }` is written as `fence:groups`, `dns: { mode: ... }` as `dns.mode:oracle`.
      const chosen = name === 'kind' || name === 'type' ? path : below;
      if (choosing.some((word) => word === name)) for (const value of child.enum ?? []) keys.add(`${chosen}:${value}`);
      walk(child, below);
    }
  };
  const services = schema.properties?.services?.additionalProperties;
  if (!services) throw new Error('the schema has no services');
  walk(services, '');
  return keys;
}
