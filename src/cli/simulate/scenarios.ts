import { dirname, isAbsolute, join } from 'node:path';
import { ConfigError } from '../../config/config-error.ts';
import { parseScenario, redeployment } from '../../scenario/file.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { RunOptions } from '../../sim/run.ts';
import { worldApis, worldServices } from '../../sim/world/api-names.ts';
import { readText } from '../files.ts';
import { parseOperatorLine } from '../operator/operator-line.ts';

/** @throws {FailoverError} SCENARIO or CONFIG with everything that is wrong */
export function loadScenario(file: string): Scenario {
  return readScenario(readText(file), file, (path) => readText(isAbsolute(path) ? path : join(dirname(file), path)));
}

/**
 * Reads a scenario that may be in no file.
 *
 * @param readFile - reads a file that `config:` names
 * @throws {FailoverError} as `loadScenario` does
 */
export function readScenario(text: string, fileName: string, readFile: (path: string) => string): Scenario {
  return parseScenario(text, fileName, readFile, {
    apis: worldApis,
    awsServices: worldServices,
    refusalOf: (line, deployment) => {
      const parsed = parseOperatorLine(line, deployment);
      return 'exit' in parsed ? parsed.message : null;
    },
  });
}

/**
 * What the simulator needs to run a scenario and may not import itself: the grammar of operators and of configurations.
 */
export function surroundingsOf(scenario: Scenario): Pick<RunOptions, 'parseOperatorLine' | 'redeploy'> {
  return {
    parseOperatorLine,
    redeploy: (overrides) => {
      try {
        return redeployment(scenario, overrides);
      } catch (error) {
        if (error instanceof ConfigError) return { message: error.message };
        throw error;
      }
    },
  };
}
