import type { LabelStore } from '../ports/label-store.ts';
import type { SuspectReport } from '../labeling/suspects.ts';
