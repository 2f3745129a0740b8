import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder of this package: the nearest one above this file that has a package.json. The same from `lib/`, and from
 * the bundle in `dist/lib/`.
 */
export function packageRoot(from: string = import.meta.dirname): string {
  const parent = dirname(from);
  if (existsSync(join(from, 'package.json')) || parent === from) return from;
  return packageRoot(parent);
}
