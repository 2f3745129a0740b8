import { testScenarioPart } from '../support/scenario-tests.ts';

testScenarioPart(3);
