import { expect, test } from 'vitest';
import { readZipEntry } from '../../../../src/adapters/system/zip-entry.ts';
import { zipArchive } from '../../../support/zip-archive.ts';

const files = { 'index.mjs': 'export {};', 'deployment.json': '{"name":"shop"}' };

test.each(['stored', 'deflated'] as const)(
  'a file that is %s is read, with a comment at the end or without',
  (held) => {
    for (const comment of ['', 'made by hand']) {
      const archive = zipArchive(files, held, comment);

      expect(readZipEntry(archive, 'deployment.json', 100)?.toString()).toBe('{"name":"shop"}');
      expect(readZipEntry(archive, 'other.json', 100)).toBeNull();
    }
  },
);

test('what is longer than allowed is refused (allowed=10, there=15)', () => {
  expect(() => readZipEntry(zipArchive(files, 'stored'), 'deployment.json', 10)).toThrow(RangeError);
  expect(() => readZipEntry(zipArchive(files, 'deflated'), 'deployment.json', 10)).toThrow(RangeError);
});

test.each([
  ['nothing', Buffer.alloc(0)],
  ['some page', Buffer.from('<html>not a ZIP archive at all</html>')],
  ['half of one', zipArchive(files, 'deflated').subarray(80)],
])('%s is no archive', (_, bytes) => {
  expect(() => readZipEntry(bytes, 'deployment.json', 100)).toThrow(RangeError);
});
