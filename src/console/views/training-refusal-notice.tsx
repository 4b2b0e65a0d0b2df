import type { ApiProblem } from '../state/api.ts';
import type { Observable } from '../state/observable.ts';
import { useTexts } from '../texts/texts.ts';
import { refusalText } from './training-refusal.ts';
import { useValue } from './use-value.ts';

/** What was not done, until the next action. */
export function TrainingRefusal({ refusal }: { refusal: Observable<ApiProblem | undefined> }) {
  const texts = useTexts();
  const problem = useValue(refusal);
  return (
    <div class="notices" role="alert">
      {problem !== undefined && (
        <div class="banner banner-problem">
          <span>
            <b>{texts.training.refused}:</b> {refusalText(texts, problem)}
          </span>
          <button
            type="button"
            onClick={() => {
              refusal.value = undefined;
            }}
          >
            {texts.refused.dismiss}
          </button>
        </div>
      )}
    </div>
  );
}
