import { Cron } from 'croner';
import { SluiceError } from '../../core/errors.ts';
import type { Schedule } from '../../learning/keep-schedule.ts';

/** The times of a pattern of cron in a time zone (IANA). Throws `USAGE` where one of the two is none, or no time ever comes. */
export function scheduleOf(pattern: string, timeZone: string): Schedule {
  const schedule = open(pattern, timeZone);
  if (schedule.next(Date.now()) === null)
    throw new SluiceError('USAGE', `the schedule "${pattern}" has no time to come; give another one`);
  return schedule;
}

function open(pattern: string, timeZone: string): Schedule {
  try {
    // Paused, since the clock that the process waits by is its own.
    const cron = new Cron(pattern, { timezone: timeZone, paused: true });
    // A time zone that is none is found when it is first used.
    cron.nextRun();
    return {
      next: (at) => cron.nextRun(new Date(at))?.getTime() ?? null,
      // It is asked for times before the one that is given, to the second.
      previous: (at) =>
        cron.previousRuns(1, new Date(Math.floor(at / 1000) * 1000 + 1000))[0]?.getTime() ?? null,
    };
  } catch (error) {
    const what = isTimeZone(timeZone)
      ? `"${pattern}" is no schedule; give five fields, such as "0 0 1 * *" for the first of each month`
      : `"${timeZone}" is no time zone; give one such as UTC or Europe/Berlin`;
    throw new SluiceError('USAGE', what, { cause: error });
  }
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}
