import type { Dashboard, DashboardChoice, DashboardPanel } from './dashboard.ts';

/** The version of Grafana's format that this writes; newer Grafanas read older formats. */
const SCHEMA_VERSION = 39;
const GRID_COLUMNS = 24;
const DATASOURCE = { type: 'prometheus', uid: '$' + '{datasource}' } as const;

interface GridPosition {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** A dashboard as Grafana imports it; the same bytes for the same dashboard. */
export function grafanaDashboard(dashboard: Dashboard): string {
  const { uid, title, description, choices, rows } = dashboard;
  const json = {
    uid,
    title,
    description,
    tags: ['sluice'],
    editable: true,
    graphTooltip: 1,
    refresh: '30s',
    schemaVersion: SCHEMA_VERSION,
    time: { from: 'now-3h', to: 'now' },
    timezone: 'browser',
    links: [
      {
        type: 'dashboards',
        title: 'Sluice',
        tags: ['sluice'],
        asDropdown: false,
        includeVars: true,
        keepTime: true,
        targetBlank: false,
      },
    ],
    annotations: { list: [modelInstalled] },
    templating: { list: [datasourceChoice, ...choices.map(choiceJson)] },
    panels: panelsJson(rows),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

/** An annotation where a model was installed: most changes of verdicts begin there. */
const modelInstalled = {
  name: 'Model installed',
  datasource: DATASOURCE,
  enable: true,
  expr: 'sluice_model_loaded_timestamp_seconds * 1000',
  iconColor: 'purple',
  titleFormat: 'Model installed',
  textFormat: '{{instance}}',
  useValueForTime: 'on',
};

const datasourceChoice = {
  name: 'datasource',
  label: 'Data source',
  type: 'datasource',
  query: 'prometheus',
  current: {},
  hide: 0,
  includeAll: false,
  multi: false,
  refresh: 1,
};

function choiceJson({ name, title, query }: DashboardChoice) {
  return {
    name,
    label: title,
    type: 'query',
    datasource: DATASOURCE,
    definition: query,
    query: { query, refId: `choice-${name}` },
    current: { selected: true, text: ['All'], value: ['$__all'] },
    hide: 0,
    includeAll: true,
    allValue: '.*',
    multi: true,
    // When the time range changes: daemons come and go.
    refresh: 2,
    sort: 1,
  };
}

function panelsJson(rows: Dashboard['rows']) {
  const panels: object[] = [];
  let y = 0;
  for (const row of rows) {
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title: row.title,
      collapsed: false,
      gridPos: { x: 0, y, w: GRID_COLUMNS, h: 1 },
      panels: [],
    });
    y += 1;
    let x = 0;
    let height = 0;
    for (const panel of row.panels) {
      const [w, h] = panel.kind === 'figure' ? [4, 4] : [8, 8];
      if (x + w > GRID_COLUMNS) {
        y += height;
        x = 0;
        height = 0;
      }
      panels.push(panelJson(panel, panels.length + 1, { x, y, w, h }));
      x += w;
      height = Math.max(height, h);
    }
    y += height;
  }
  return panels;
}

function panelJson(panel: DashboardPanel, id: number, gridPos: GridPosition) {
  const { title, description, unit, queries, kind, most, limits } = panel;
  const base = { id, title, description, gridPos, datasource: DATASOURCE };
  const targets = queries.map(({ expression, legend }, index) => ({
    refId: String.fromCharCode(65 + index),
    datasource: DATASOURCE,
    editorMode: 'code',
    expr: expression,
    legendFormat: legend === '' ? '__auto' : legend,
    range: kind === 'course',
    instant: kind === 'figure',
  }));
  const defaults = { unit, min: 0, ...(most === undefined ? {} : { max: most }) };
  if (kind === 'figure')
    return {
      ...base,
      type: 'stat',
      targets,
      fieldConfig: {
        defaults: { ...defaults, color: { mode: 'thresholds' }, thresholds: thresholds(limits) },
        overrides: [],
      },
      options: {
        colorMode: limits === undefined ? 'none' : 'value',
        graphMode: 'none',
        justifyMode: 'auto',
        reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
        textMode: 'value',
      },
    };
  return {
    ...base,
    type: 'timeseries',
    targets,
    fieldConfig: {
      defaults: {
        ...defaults,
        color: { mode: 'palette-classic' },
        custom: {
          drawStyle: 'line',
          fillOpacity: panel.stacked ? 40 : 0,
          lineWidth: 1,
          showPoints: 'never',
          spanNulls: false,
          stacking: { group: 'A', mode: panel.stacked ? 'normal' : 'none' },
        },
      },
      overrides: [],
    },
    options: {
      legend: { calcs: ['lastNotNull', 'max'], displayMode: 'table', placement: 'bottom', showLegend: true },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  };
}

function thresholds(limits: DashboardPanel['limits']) {
  const steps: { readonly color: string; readonly value: number | null }[] = [
    { color: limits === undefined ? 'text' : 'green', value: null },
  ];
  if (limits !== undefined)
    steps.push({ color: 'yellow', value: limits[0] }, { color: 'red', value: limits[1] });
  return { mode: 'absolute', steps };
}
