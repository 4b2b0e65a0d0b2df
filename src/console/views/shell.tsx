import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { pagesOfRole } from '../../core/console-pages.ts';
import type { SessionAnswer } from '../../http/console-schemas.ts';
import { address, go } from '../state/address.ts';
import type { Api } from '../state/api.ts';
import { Observable } from '../state/observable.ts';
import { numberText, useTexts } from '../texts/texts.ts';
import { SettingsDialog } from './settings-dialog.tsx';
import { Name } from './small-parts.tsx';
import { useValue } from './use-value.ts';

/** Whether the dialog with settings and keys is open; keys open it too. */
export const settingsOpen = new Observable(false);
/** Rows that wait, beside the name of the review page. */
export const openRows = new Observable<number | undefined>(undefined);

/** A plain click on a link to a page of the console changes the page without loading it again. */
function followLink(event: MouseEvent): void {
  const link = (event.target as Element | null)?.closest?.('a[href]');
  if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented) return;
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (link.origin !== location.origin || link.hash !== '' || link.download !== '') return;
  event.preventDefault();
  go(link.pathname, link.search);
}

export function Shell({
  api,
  session,
  onLogOut,
  children,
}: {
  api: Api;
  session: SessionAnswer;
  onLogOut: () => void;
  children: ComponentChildren;
}) {
  const texts = useTexts();
  const { path } = useValue(address);
  const isOpen = useValue(settingsOpen);
  const rows = useValue(openRows);
  const [mounted] = useState(() => document);
  useEffect(() => {
    mounted.addEventListener('click', followLink);
    return () => mounted.removeEventListener('click', followLink);
  }, [mounted]);
  const page = path === '/' ? 'review' : path.slice(1);
  /** Where the window is narrow, only the page that is shown has its link beside the button that shows all. */
  const [isMenuOpen, setMenuOpen] = useState(false);
  useEffect(() => setMenuOpen(false), [page]);
  useEffect(() => {
    const name = texts.pages[page as keyof typeof texts.pages];
    document.title = name === undefined ? texts.brand : `${name} · ${texts.brand}`;
  }, [page, texts]);
  return (
    <div class="app">
      <a class="skip-link" href="#main">
        {texts.nav.skip}
      </a>
      <nav aria-label={texts.nav.pages}>
        <div class="brand">{texts.brand}</div>
        <button
          type="button"
          class="b-plain menu"
          aria-expanded={isMenuOpen}
          aria-controls="pages"
          onClick={() => setMenuOpen(!isMenuOpen)}
        >
          <span class="sign" aria-hidden="true">
            ☰
          </span>
          {texts.nav.pages}
        </button>
        <div id="pages" class={isMenuOpen ? 'pages pages-open' : 'pages'}>
          {pagesOfRole(session.role).map((each) => (
            <a key={each} href={`/${each}`} aria-current={each === page ? 'page' : undefined}>
              {texts.pages[each]}
              {each === 'review' && rows !== undefined && <span class="n">{numberText(rows)}</span>}
            </a>
          ))}
        </div>
        <Foot session={session} onLogOut={onLogOut} />
      </nav>
      <div class="content">{children}</div>
      {isOpen && (
        <SettingsDialog
          api={api}
          name={session.name}
          onClose={() => {
            settingsOpen.value = false;
          }}
        />
      )}
    </div>
  );
}

/** Who is logged in, and what is not a page. */
function Foot({ session, onLogOut }: { session: SessionAnswer; onLogOut: () => void }) {
  const texts = useTexts();
  return (
    <div class="foot">
      <div class="who">
        <Name>{session.name}</Name> <span>{texts.roles[session.role]}</span>
      </div>
      <button
        type="button"
        class="b-plain"
        aria-label={texts.nav.settings}
        onClick={() => {
          settingsOpen.value = true;
        }}
      >
        <span class="sign" aria-hidden="true">
          ⚙
        </span>
        <span class="words">{texts.nav.settings}</span>
      </button>
      <button type="button" class="b-plain" aria-label={texts.nav.logOut} onClick={onLogOut}>
        <span class="sign" aria-hidden="true">
          ⇥
        </span>
        <span class="words">{texts.nav.logOut}</span>
      </button>
    </div>
  );
}
