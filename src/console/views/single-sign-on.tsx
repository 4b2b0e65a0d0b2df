import { useEffect, useState } from 'preact/hooks';
import { visibleLine } from '../../display/characters.ts';
import type { LoginMethodsAnswer } from '../../http/openid-schemas.ts';
import { singleSignOnAddress } from '../logic/single-sign-on.ts';
import { address } from '../state/address.ts';
import type { Api } from '../state/api.ts';
import { useTexts } from '../texts/texts.ts';

/** The button that leads to the identity provider, where one is configured. */
export function SingleSignOn({ api }: { api: Api }) {
  const { logIn } = useTexts();
  const [methods, setMethods] = useState<LoginMethodsAnswer>();
  useEffect(() => {
    // Without an answer, name and password are there.
    api.call<LoginMethodsAnswer>('/api/v1/session/methods').then(setMethods, () => undefined);
  }, [api]);
  const openid = methods?.openid;
  if (openid === null || openid === undefined) return null;
  return (
    <>
      <p class="or">{logIn.or}</p>
      <button
        type="button"
        // Away from the page, to the provider and back.
        onClick={() => location.assign(singleSignOnAddress(address.value))}
      >
        {visibleLine(openid.label, 60)}
      </button>
    </>
  );
}
