import { useEffect, useState } from 'preact/hooks';
import { consolePages, pagesOfRole } from '../../core/console-pages.ts';
import type { SessionAnswer } from '../../http/console-schemas.ts';
import { address, takeLoginWord, takeSecret } from '../state/address.ts';
import { Api, ApiProblem } from '../state/api.ts';
import { preferences } from '../state/preferences.ts';
import { useTexts } from '../texts/texts.ts';
import { LoadedPage, type PageName, pages } from './loaded-page.tsx';
import { LogIn } from './log-in.tsx';
import { ReviewView } from './review-view.tsx';
import { Shell } from './shell.tsx';
import { Notice } from './small-parts.tsx';
import { useValue } from './use-value.ts';

const api = new Api();
/** Before anything else looks at the address. */
const secret = takeSecret();
const failedLogin = takeLoginWord();

type Entrance =
  | { readonly phase: 'asking' }
  | { readonly phase: 'out'; readonly problem?: ApiProblem }
  | { readonly phase: 'in'; readonly session: SessionAnswer };

async function enter(): Promise<Entrance> {
  try {
    if (secret.token !== undefined) return { phase: 'in', session: await api.logIn({ token: secret.token }) };
    if (secret.invitation !== undefined) return { phase: 'out' };
    return { phase: 'in', session: await api.session() };
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    // A used token in a tab that is logged in already.
    const session = secret.token === undefined ? undefined : await api.session().catch(() => undefined);
    if (session !== undefined) return { phase: 'in', session };
    return secret.token === undefined && error.status === 401
      ? { phase: 'out' }
      : { phase: 'out', problem: error };
  }
}

export function App() {
  const [entrance, setEntrance] = useState<Entrance>({ phase: 'asking' });
  const { theme, language, density } = useValue(preferences);
  useEffect(() => {
    void enter().then(setEntrance);
  }, []);
  useEffect(() => {
    const { documentElement: root } = document;
    root.lang = language;
    root.dataset.density = density;
    if (theme === 'system') delete root.dataset.theme;
    else root.dataset.theme = theme;
  }, [theme, language, density]);
  const texts = useTexts();
  if (entrance.phase === 'asking') return <p class="page-wait">{texts.logIn.working}</p>;
  if (entrance.phase === 'out')
    return (
      <LogIn
        api={api}
        invitation={secret.invitation}
        problem={entrance.problem}
        failedLogin={failedLogin}
        onEnter={(session) => setEntrance({ phase: 'in', session })}
      />
    );
  const { session } = entrance;
  const logOut = () => {
    void api
      .logOut()
      .catch(() => undefined)
      .then(() => setEntrance({ phase: 'out' }));
  };
  return (
    <Shell api={api} session={session} onLogOut={logOut}>
      <Page session={session} onLogIn={(again) => setEntrance({ phase: 'in', session: again })} />
    </Shell>
  );
}

function Page({ session, onLogIn }: { session: SessionAnswer; onLogIn: (session: SessionAnswer) => void }) {
  const { path } = useValue(address);
  const texts = useTexts();
  const name = path === '/' ? 'review' : path.slice(1);
  if (name === 'review')
    return <ReviewView key={session.name} api={api} session={session} onLogIn={onLogIn} />;
  const page = consolePages.find((each) => each.name === name);
  if (page !== undefined && !pagesOfRole(session.role).includes(page.name))
    return (
      <main id="main" class="single" tabIndex={-1}>
        <div class="card">
          <Notice title={texts.states.notForRole}>
            <p>{texts.states.notForRoleHint(texts.roles[page.role], texts.roles[session.role])}</p>
            <a href="/review">{texts.states.toReview}</a>
          </Notice>
        </div>
      </main>
    );
  if (name in pages) return <LoadedPage key={name} name={name as PageName} api={api} session={session} />;
  return (
    <main id="main" class="single" tabIndex={-1}>
      <Notice title={texts.states.notFound}>
        <a href="/review">{texts.states.toReview}</a>
      </Notice>
    </main>
  );
}
