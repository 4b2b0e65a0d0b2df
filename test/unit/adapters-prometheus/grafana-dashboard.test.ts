import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { dashboards } from '../../../src/adapters/prometheus/dashboard-panels.ts';
import { grafanaDashboard } from '../../../src/adapters/prometheus/grafana-dashboard.ts';

const folder = fileURLToPath(new URL('../../../config/grafana/dashboards', import.meta.url));

test('the files in config/grafana/dashboards are those that are generated from the panels', async () => {
  for (const dashboard of dashboards)
    await expect(grafanaDashboard(dashboard)).toMatchFileSnapshot(join(folder, `${dashboard.uid}.json`));
  expect((await readdir(folder)).sort()).toEqual(dashboards.map(({ uid }) => `${uid}.json`).sort());
});

test('dashboard panels have unique numbers and do not overlap', () => {
  for (const dashboard of dashboards) {
    const { panels } = JSON.parse(grafanaDashboard(dashboard)) as {
      panels: { id: number; gridPos: { x: number; y: number; w: number; h: number } }[];
    };
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = new Set<string>();
    for (const { gridPos } of panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(cells.has(`${x} ${y}`)).toBe(false);
          cells.add(`${x} ${y}`);
        }
    }
  }
});

test('dashboard panels use only variables that their dashboard has', () => {
  const ofGrafana = ['__rate_interval'];
  for (const { choices, rows } of dashboards) {
    const known = [...ofGrafana, ...choices.map(({ name }) => name)];
    const texts = rows.flatMap(({ panels }) =>
      panels.flatMap(({ queries }) => queries.map((q) => q.expression)),
    );
    for (const text of [...texts, ...choices.map(({ query }) => query)])
      for (const [, name] of text.matchAll(/\$(\w+)/g)) expect(known).toContain(name);
  }
});
