import type { Dashboard } from './dashboard.ts';
import { evidenceDashboard } from './evidence-dashboard.ts';
import { lagDashboard } from './lag-dashboard.ts';
import { modelDashboard } from './model-dashboard.ts';
import { pipelineDashboard } from './pipeline-dashboard.ts';

/** All dashboards, each a file of `config/grafana/dashboards` by its uid. */
export const dashboards: readonly Dashboard[] = [
  pipelineDashboard,
  lagDashboard,
  modelDashboard,
  evidenceDashboard,
];
