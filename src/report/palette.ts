/**
 * Colors of the plots and of the page: after Okabe and Ito (2008), "Color Universal Design", darkened or lightened until each has a contrast of 3
 * to its background, so that readers who see few colors can distinguish them. Each has its counterpart for a dark page.
 */
export const palette = {
  paper: { light: '#ffffff', dark: '#161a20' },
  ink: { light: '#1a1f27', dark: '#e8ebf0' },
  muted: { light: '#4f5866', dark: '#b0b8c5' },
  grid: { light: '#dfe3e8', dark: '#343c48' },
  blue: { light: '#0072b2', dark: '#56b4e9' },
  vermilion: { light: '#c24e00', dark: '#f08a4b' },
  green: { light: '#00805e', dark: '#3fc79a' },
  purple: { light: '#a8497f', dark: '#dd94bd' },
  ocher: { light: '#8f6400', dark: '#e3b23c' },
} as const;

export type ColorName = keyof typeof palette;

/** The color as a plot is drawn in; on a dark page `page-style.ts` replaces it. */
export function colorOf(name: ColorName): string {
  return palette[name].light;
}

/** How the parts of one plot are distinguished: by color, by dash and by shape. */
export interface Look {
  readonly color: ColorName;
  readonly dash: readonly number[];
  readonly shape: string;
}

export const looks: readonly Look[] = [
  { color: 'blue', dash: [1, 0], shape: 'circle' },
  { color: 'vermilion', dash: [7, 3], shape: 'square' },
  { color: 'green', dash: [2, 2], shape: 'triangle-up' },
  { color: 'purple', dash: [9, 3, 2, 3], shape: 'diamond' },
  { color: 'ocher', dash: [4, 2, 1, 2], shape: 'cross' },
  { color: 'muted', dash: [12, 4], shape: 'triangle-down' },
];

/** Of the n-th part; colors and dashes repeat at different lengths, so that 30 parts differ. */
export function lookOf(index: number): Look {
  const look = looks[index % looks.length]!;
  const turn = Math.floor(index / looks.length);
  return turn === 0 ? look : { ...look, dash: looks[(index + turn) % looks.length]!.dash };
}
