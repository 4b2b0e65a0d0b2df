/** One line of a panel: what is asked of Prometheus, and how the answer is named. */
export interface PanelQuery {
  readonly expression: string;
  /** `{{label}}` stands for the label's value. */
  readonly legend: string;
}

export interface DashboardPanel {
  readonly title: string;
  readonly description: string;
  /** A course over time, or the newest value in large figures. */
  readonly kind: 'course' | 'figure';
  /** Grafana's name of a unit. */
  readonly unit: string;
  readonly queries: readonly PanelQuery[];
  /** Lines are laid upon each other, as parts of a whole. */
  readonly stacked?: boolean;
  /** Top of the axis, where it has one by nature. */
  readonly most?: number;
  /** Green below the first, yellow between, red above the second. */
  readonly limits?: readonly [number, number];
}

/** A variable that chooses what a dashboard shows. */
export interface DashboardChoice {
  readonly name: string;
  readonly title: string;
  /** A query of Grafana's: `label_values(metric, label)`. */
  readonly query: string;
}

export interface Dashboard {
  /** Never changes: links and bookmarks go by it. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly choices: readonly DashboardChoice[];
  readonly rows: readonly { readonly title: string; readonly panels: readonly DashboardPanel[] }[];
}
