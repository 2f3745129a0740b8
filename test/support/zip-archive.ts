import { deflateRawSync } from 'node:zlib';

/** How a file is held: as it is, or deflated, with its lengths unknown in the head before it, as streams write it. */
export type Held = 'stored' | 'deflated';

/** A ZIP archive. Source: PKWARE APPNOTE 6.3.10, 4.3. */
export function zipArchive(files: Readonly<Record<string, string>>, held: Held, comment = ''): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text);
    const packed = held === 'stored' ? content : deflateRawSync(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(held === 'stored' ? 0 : 8, 8);
    local.writeUInt16LE(held === 'stored' ? 0 : 8, 6);
    if (held === 'stored') local.writeUInt32LE(packed.length, 18);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(3, 28);
    const part = Buffer.concat([local, Buffer.from(name), Buffer.from('xyz'), packed]);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(held === 'stored' ? 0 : 8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(content.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    directory.push(Buffer.concat([entry, Buffer.from(name)]));
    parts.push(part);
    offset += part.length;
  }
  const end = Buffer.alloc(22);
  const entries = Buffer.concat(directory);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...parts, entries, end, Buffer.from(comment)]);
}
