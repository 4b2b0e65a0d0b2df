import * as z from 'zod';
import { gates } from '../../core/gate-report.ts';
import { setting } from '../setting.ts';

/** When a new model is promoted. */
export const retrainGate = z.strictObject({
  kind: setting(z.enum(gates).default('sound'), {
    description:
      'How a new model is compared with the active one. `document`: its true positive rate is not lower and its false positive rate not higher. `sound`: it is shown to be no worse than by the margins, and to cost less.',
  }),
});
