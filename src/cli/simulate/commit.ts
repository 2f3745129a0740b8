import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The commit that this program was built from, as far as its folder tells: a seed only replays the same code. */
export async function findCommit(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('git', ['rev-parse', '--short', 'HEAD'], { cwd: import.meta.dirname });
    return `commit ${stdout.trim()}`;
  } catch {
    return 'this version';
  }
}
