import { describe, expect, test } from 'vitest';
import { SimReplicas } from '../../../src/sim/world/resources/replicas.ts';

/** Three instances, of which virginia is the source of the others. */
const open = () => new SimReplicas(['virginia', 'oregon', 'ireland'], 'virginia');

function promote(replicas: SimReplicas, site: string): void {
  replicas.tag(site);
  replicas.promote(site);
}

describe('the writer among instances of RDS', () => {
  test('is the source of a replica that the region has', () => {
    expect(open().writerAmong(['oregon'], 'oregon')).toBe('virginia');
  });

  test('is an old primary as long as one replica follows it', () => {
    const replicas = open();

    promote(replicas, 'oregon');

    expect(replicas.writerAmong(['virginia'], 'virginia')).toBe('virginia');
  });

  test('is no old primary that nothing follows any more', () => {
    const replicas = open();

    promote(replicas, 'oregon');
    promote(replicas, 'ireland');

    expect(replicas.writerAmong(['virginia'], 'virginia')).toBeNull();
  });

  test('is one that was promoted, by its own region, whatever was promoted since', () => {
    const replicas = open();

    promote(replicas, 'oregon');
    promote(replicas, 'ireland');

    expect(replicas.writerAmong(['oregon'], 'oregon')).toBe('oregon');
  });

  test('is not one that was promoted without an order of ours', () => {
    const replicas = open();

    replicas.promote('oregon');

    expect(replicas.writerAmong(['oregon'], 'oregon')).toBeNull();
  });

  test('is whichever is asked about where one region has two of them, and nobody for a third', () => {
    const replicas = open();

    promote(replicas, 'oregon');

    const all = ['virginia', 'oregon', 'ireland'];
    expect(all.map((asked) => replicas.writerAmong(all, asked))).toEqual(['virginia', 'oregon', null]);
  });

  test('is the new source of an instance that was made anew', () => {
    const replicas = open();
    promote(replicas, 'oregon');
    promote(replicas, 'ireland');

    replicas.make('ireland', 'oregon');

    expect(replicas.writerAmong(['ireland'], 'ireland')).toBe('oregon');
  });
});
