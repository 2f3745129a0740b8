import { expect, test } from 'vitest';
import { signed } from '../../../../src/cli/operator/target.ts';

const principal = 'arn:aws:sts::111122223333:assumed-role/OnCall/eve';

test('an approval is signed by the word of AWS, also where AWS does not say, and by none in the lab', () => {
  expect(signed({ verb: 'approve' }, { principal })).toEqual({ verb: 'approve', principal });
  expect(signed({ verb: 'approve' }, { principal: null })).toEqual({ verb: 'approve', principal: null });
  expect(signed({ verb: 'approve' }, {})).toEqual({ verb: 'approve' });
});

test('no other command is signed', () => {
  expect(signed({ verb: 'ack' }, { principal })).toEqual({ verb: 'ack' });
});
