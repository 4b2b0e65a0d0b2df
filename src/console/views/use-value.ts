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
