/**
 * Prometheus text as OpenMetrics 1.0. prom-client can write it too, but only by switching the whole registry over and
 * renaming its counters for good, which would spoil the next scrape in the other format.
 */
export function openMetricsText(prometheusText: string): string {
  const families = prometheusText
    .split('\n\n')
    .map((family) => family.trim())
    .filter((family) => family !== '');
  return `${families.map(familyText).join('\n')}\n# EOF\n`;
}

function familyText(family: string): string {
  const lines = family.split('\n');
  // OpenMetrics names the family of a counter without the suffix that its samples carry.
  const counter = lines.some((line) => line.startsWith('# TYPE ') && line.endsWith(' counter'));
  return lines
    .map((line) => {
      if (!line.startsWith('# ')) return line.endsWith(' Nan') ? `${line.slice(0, -3)}NaN` : line;
      return counter ? line.replace(/^(# [A-Z]+ \S+?)_total /, '$1 ') : line;
    })
    .join('\n');
}
