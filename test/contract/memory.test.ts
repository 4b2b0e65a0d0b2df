import { memoryHarness } from './suites/label-fixture.ts';
import { describeLabelStore } from './suites/label-store.ts';

describeLabelStore('the store in memory', memoryHarness);
