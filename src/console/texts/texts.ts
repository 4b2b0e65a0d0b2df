import { amountOf } from '../logic/progress.ts';
import { preferences } from '../state/preferences.ts';
import { useValue } from '../views/use-value.ts';
import { de } from './de.ts';
import { en, type Texts } from './en.ts';

const languages = { en, de };

/** The texts of the language that was chosen, with numbers and times as that language writes them. */
export function useTexts(): Texts {
  return languages[useValue(preferences).language];
}

/** `4 min ago`; `age` in milliseconds. */
export function agoText(texts: Texts, age: number): string {
  if (age < 20_000) return texts.amounts.now;
  return texts.amounts.ago(amountText(texts, age / 1000));
}

export function amountText(texts: Texts, seconds: number): string {
  const { count, unit } = amountOf(seconds);
  return texts.amounts[unit](count);
}

export function numberText(value: number): string {
  return value.toLocaleString(preferences.value.language);
}

/** Three decimals, for a probability. */
export function probabilityText(value: number): string {
  return value.toLocaleString(preferences.value.language, {
    minimumFractionDigits: 3,
    maximumFractionDigits: 3,
  });
}

/** As exact as it was set. */
export function thresholdText(value: number): string {
  return value.toLocaleString(preferences.value.language, { maximumFractionDigits: 6 });
}

/** With its sign, so that the direction is never said by color alone. */
export function signedText(value: number): string {
  const size = Math.abs(value).toLocaleString(preferences.value.language, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  return `${value < 0 ? '−' : '+'}${size}`;
}
