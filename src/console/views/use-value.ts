import { useEffect, useState } from 'preact/hooks';
import type { Observable } from '../state/observable.ts';

/** The value, and a new rendering whenever it changes. */
export function useValue<T>(observable: Observable<T>): T {
  const [, render] = useState({});
  const { value } = observable;
  useEffect(() => {
    const end = observable.follow(() => render({}));
    // Changed between the first rendering and now.
    if (!Object.is(value, observable.value)) render({});
    return () => void end();
  }, [observable]);
  return value;
}

/** The time, epoch milliseconds, again every so many seconds. */
export function useNow(seconds: number): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), seconds * 1000);
    return () => clearInterval(timer);
  }, [seconds]);
  return now;
}

/** How long a toast is shown. */
export const TOAST_SECONDS = 8;

/** Whether what has this number is still to be shown: for so many seconds after the number came, and never where it is 0. */
export function useShownFor(seconds: number, number: number): boolean {
  const [gone, setGone] = useState(0);
  useEffect(() => {
    if (number === 0) return;
    const timer = setTimeout(() => setGone(number), seconds * 1000);
    return () => clearTimeout(timer);
  }, [seconds, number]);
  return gone !== number;
}
