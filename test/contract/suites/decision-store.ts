import { afterEach, beforeEach, describe } from 'vitest';
import { describeAuditStore } from './audit-store.ts';
import { describeAudit } from './decision-audit.ts';
import { describeCampaigns } from './decision-campaigns.ts';
import { DecisionFixture, type DecisionStoreHarness } from './decision-fixture.ts';
import { describeDecisionLists } from './decision-lists.ts';
import { describeCandidates } from './decision-nearest.ts';
import { describeDecisions, describeOutbox } from './decision-outcomes.ts';
import { describeDecisionProperties } from './decision-properties.ts';
import { describeQueue } from './decision-queue.ts';
import { describeReports } from './decision-reports.ts';
import { describeScores } from './decision-scores.ts';
import { describeSecondOpinions } from './decision-second.ts';
import { describeGuard, describeShadow } from './decision-shadow.ts';
import { describeRelabelProperties } from './relabel-properties.ts';
import { describeRelabeling } from './relabeling.ts';
import { describeTrainingLists } from './training-lists.ts';

/** What every adapter behind the port `DecisionStore` promises, with the rules of `src/review` on top of it. */
export function describeDecisionStore(name: string, makeHarness: () => Promise<DecisionStoreHarness>): void {
  describe(`${name} as a DecisionStore`, () => {
    const fixture = new DecisionFixture();
    beforeEach(async () => fixture.open(await makeHarness()));
    afterEach(() => fixture.close());

    describeQueue(name, fixture);
    describeAudit(name, fixture);
    describeDecisionLists(name, fixture);
    describeDecisions(name, fixture);
    describeOutbox(name, fixture);
    describeCampaigns(name, fixture);
    describeRelabeling(name, fixture);
    describeTrainingLists(name, fixture);
    describeCandidates(name, fixture);
    describeSecondOpinions(name, fixture);
    describeScores(name, fixture);
    describeReports(name, fixture);
    describeAuditStore(name, fixture);
    describeShadow(name, fixture);
    describeGuard(name, fixture);
    describeDecisionProperties(name, fixture);
    describeRelabelProperties(name, fixture);
  });
}
