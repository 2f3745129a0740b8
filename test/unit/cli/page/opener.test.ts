import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openInBrowser } from '../../../../src/cli/page/opener.ts';

const url = 'http://127.0.0.1:1/?token=secret&more="';

/** Waits until a stand-in for the browser has noted what it was given. */
async function given(note: string): Promise<readonly string[]> {
  while (!existsSync(note)) await sleep(5);
  return JSON.parse(readFileSync(note, 'utf8'));
}

test('the browser is given a file of this user alone that leads to the address, and it is removed at the end', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'opener-'));
  const note = join(folder, 'note.json');
  const script = join(folder, 'browser.mjs');
  await writeFile(
    script,
    `import { renameSync, writeFileSync } from 'node:fs';
writeFileSync(${JSON.stringify(`${note}.part`)}, JSON.stringify(process.argv.slice(2)));
renameSync(${JSON.stringify(`${note}.part`)}, ${JSON.stringify(note)});`,
  );
  const end = new AbortController();

  const opened = openInBrowser(url, end.signal, [process.execPath, script]);
  const words = await given(note);
  const [file = ''] = words;
  const [html, mode, folderMode] = [readFileSync(file, 'utf8'), statSync(file).mode, statSync(dirname(file)).mode];
  end.abort();
  await opened;

  expect(words).toHaveLength(1);
  expect(words.join(' ')).not.toContain('secret');
  expect(html).toContain('content="0;url=http://127.0.0.1:1/?token=secret&amp;more=&quot;"');
  expect([mode & 0o777, folderMode & 0o777]).toEqual([0o600, 0o700]);
  expect(existsSync(dirname(file))).toBe(false);
  await rm(folder, { recursive: true });
});

test('where nothing opens it, nothing happens', async () => {
  const end = new AbortController();

  const opened = openInBrowser(url, end.signal, ['/no/such/browser']);
  end.abort();

  await expect(opened).resolves.toBeUndefined();
});
