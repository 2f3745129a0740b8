/**
 * Scenarios in `scenarios-owed/` that fail, each with the mechanism that it waits for.
 *
 * A scenario that passes is moved below `scenarios/` and its line goes. While none is owed, there is no such folder.
 */
export const owedScenarios: Readonly<Record<string, string>> = {};
