/** A number of a size that is read at a glance: three digits, and a decimal where it is small. */
export function shortNumber(value: number, language: string): string {
  const digits = value !== 0 && Math.abs(value) < 10 ? 1 : 0;
  return value.toLocaleString(language, { maximumFractionDigits: digits });
}

const byteUnits = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

export function bytesText(bytes: number, language: string): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < byteUnits.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${shortNumber(size, language)} ${byteUnits[unit]}`;
}

/** Milliseconds below a second, seconds from then on. */
export function durationText(seconds: number, language: string): string {
  return seconds < 1 ? `${shortNumber(seconds * 1000, language)} ms` : `${shortNumber(seconds, language)} s`;
}

export function percentText(share: number, language: string): string {
  return share.toLocaleString(language, { style: 'percent', maximumFractionDigits: 0 });
}
