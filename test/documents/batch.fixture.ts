/**
 * A program: runs the command lines that it is given, as a JSON list of lists of words, one after another in its
 * working folder, and prints how each ended. One process for all, because loading the command line takes longer than
 * most of what it does.
 */
import { actionsOn } from '../../src/cli/actions.ts';
import { run } from '../../src/cli/run.ts';
import { recordTerminal } from '../unit/cli/terminal.fixture.ts';

const lines: readonly (readonly string[])[] = JSON.parse(process.argv[2] ?? '[]');
const ended: { readonly exit: number; readonly printed: string }[] = [];
for (const words of lines) {
  const terminal = recordTerminal();
  const exit = await run(words, actionsOn(terminal), terminal, '1.2.3');
  ended.push({ exit, printed: terminal.printed.out + terminal.printed.err });
}
process.stdout.write(JSON.stringify(ended));
