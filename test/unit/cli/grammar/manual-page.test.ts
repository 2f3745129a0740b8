import { expect, test } from 'vitest';
import { manualPage } from '../../../../src/cli/grammar/manual-page.ts';

const option = { name: '--fault', about: '.dots and \\ are texts', takesValue: true, choices: [] };

test('a manual page has a section for each verb, and its options below', () => {
  const lines = manualPage('Moves.', '1.2.3', [
    { name: 'drill', about: 'try it', options: [option], choices: [] },
  ]).split('\n');

  expect(lines[0]).toBe('.TH CDK-FAILOVER 1 "" "cdk-failover 1.2.3"');
  expect(lines).toEqual(expect.arrayContaining(['.SS drill', 'try it', '.B \\-\\-fault']));
});

test('no text of a verb is taken for a command of the page', () => {
  const page = manualPage('Moves.', '1.2.3', [{ name: 'drill', about: "'quoted", options: [option], choices: [] }]);

  expect(page).toContain("\\&'quoted");
  expect(page).toContain('\\&.dots and \\e are texts');
});
