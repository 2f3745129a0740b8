import { defineConfig } from 'vitest/config';
import { handMutants } from './mutants.ts';

/** Puts the mutant that the environment names in the place of the product's own text, in memory only. */
const mutant = handMutants.find(({ name }) => name === process.env.MUTANT);

export default defineConfig({
  plugins: [
    {
      name: 'hand-mutant',
      enforce: 'pre',
      transform: (code, id) => {
        if (mutant === undefined || !id.endsWith(`/${mutant.file}`)) return null;
        return code.replace(mutant.find, () => mutant.replace);
      },
    },
  ],
  test: { include: ['test/unit/core/**/*.test.ts', 'test/sim/**/*.test.ts'], testTimeout: 600_000 },
});
