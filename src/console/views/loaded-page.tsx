import type { ComponentType } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { ConsolePageName } from '../../core/console-pages.ts';
import type { SessionAnswer } from '../../http/console-schemas.ts';
import type { Api } from '../state/api.ts';
import { useTexts } from '../texts/texts.ts';
import { Notice } from './small-parts.tsx';

/** All pages but the first, which everybody opens. */
export type PageName = Exclude<ConsolePageName, 'review'>;

export interface PageProps {
  readonly api: Api;
  readonly session: SessionAnswer;
}

type Load = () => Promise<ComponentType<PageProps>>;

/** The script of each page. It is loaded when the page is opened, so that no page makes the review page heavier. */
export const pages: Readonly<Record<PageName, Load>> = {
  overview: async () => (await import('./overview-page.tsx')).OverviewPage,
  try: async () => (await import('./try-page.tsx')).TryPage,
  models: async () => (await import('./models-page.tsx')).ModelsPage,
  thresholds: async () => (await import('./thresholds-page.tsx')).ThresholdsPage,
  'dead-letters': async () => (await import('./dead-letters-page.tsx')).DeadLettersPage,
  training: async () => (await import('./training-page.tsx')).TrainingPage,
  activity: async () => (await import('./activity-page.tsx')).ActivityPage,
  settings: async () => (await import('./configuration-page.tsx')).ConfigurationPage,
  people: async () => (await import('./people-page.tsx')).PeoplePage,
  erasure: async () => (await import('./erasure-page.tsx')).ErasurePage,
};

type Loaded = { readonly view?: ComponentType<PageProps>; readonly hasFailed: boolean };

export function LoadedPage({ name, ...props }: PageProps & { readonly name: PageName }) {
  const { states } = useTexts();
  const [{ view: View, hasFailed }, setLoaded] = useState<Loaded>({ hasFailed: false });
  const load = useCallback(() => {
    setLoaded({ hasFailed: false });
    pages[name]().then(
      (view) => setLoaded({ view, hasFailed: false }),
      () => setLoaded({ hasFailed: true }),
    );
  }, [name]);
  useEffect(load, [load]);
  if (View !== undefined) return <View {...props} />;
  return (
    <main id="main" class="single" tabIndex={-1}>
      {hasFailed && (
        <Notice title={states.pageNotLoaded} kind="problem">
          <p>{states.pageNotLoadedHint}</p>
          <button type="button" onClick={load}>
            {states.retry}
          </button>
        </Notice>
      )}
    </main>
  );
}
