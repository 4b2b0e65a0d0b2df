import { useState } from 'preact/hooks';
import type { TokenScope } from '../../core/token-scope.ts';
import { visibleLine } from '../../display/characters.ts';
import { useTexts } from '../texts/texts.ts';
import { ListTable, type PeopleCardProps, SecretBox, timeText } from './people-parts.tsx';
import { Name } from './small-parts.tsx';

const scopes: readonly TokenScope[] = ['score', 'report', 'review'];
/** Empty for one that does not end. */
const days = ['30', '90', '365', ''] as const;

/** Tokens with which programs use the API. */
export function TokensCard({ state, view, lists }: PeopleCardProps) {
  const { people } = useTexts();
  const { isChanging } = view;
  const secret = view.secrets.find(({ of }) => of === 'token');
  const heads = [people.tokenName, people.actions, people.scopes, people.createdBy, people.ends];
  return (
    <div class="card table-card">
      <h2>{people.tokens}</h2>
      <p class="hint in-card">{people.tokensHint}</p>
      <TokenForm state={state} isChanging={isChanging} />
      {secret !== undefined && (
        <SecretBox key={secret.value} secret={secret} onDone={() => state.forgetSecret('token')} />
      )}
      {lists.tokens.length === 0 ? (
        <p class="in-card">{people.noTokens}</p>
      ) : (
        <ListTable label={people.tokens} heads={heads}>
          {lists.tokens.map(({ id, name, scopes: given, created_by, ends_at }) => (
            <tr key={id}>
              <td data-name={people.tokenName}>
                <Name>{name}</Name>
              </td>
              <td data-name={people.actions}>
                <button
                  type="button"
                  aria-label={people.of(people.revoke, visibleLine(name, 60))}
                  disabled={isChanging}
                  onClick={() => void state.put('DELETE', `tokens/${id}`, people.effects.revoked)}
                >
                  {people.revoke}
                </button>
              </td>
              <td data-name={people.scopes}>{given.join(', ')}</td>
              <td data-name={people.createdBy}>
                <Name>{created_by}</Name>
              </td>
              <td data-name={people.ends} class="time">
                {ends_at === null ? people.never : timeText(ends_at)}
              </td>
            </tr>
          ))}
        </ListTable>
      )}
    </div>
  );
}

function TokenForm({ state, isChanging }: Pick<PeopleCardProps, 'state'> & { isChanging: boolean }) {
  const { people } = useTexts();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly TokenScope[]>(['score']);
  const [ends, setEnds] = useState<(typeof days)[number]>('365');
  const submit = async (event: Event) => {
    event.preventDefault();
    const body = { name, scopes: chosen, days: ends === '' ? null : Number(ends) };
    if (await state.createToken(body)) setName('');
  };
  return (
    <form class="in-card line-form" onSubmit={(event) => void submit(event)}>
      <label>
        {people.tokenName}
        <input
          value={name}
          required
          maxLength={60}
          dir="auto"
          autocomplete="off"
          onInput={(event) => setName((event.target as HTMLInputElement).value)}
        />
      </label>
      <label>
        {people.days}
        <select
          value={ends}
          onChange={(event) => setEnds((event.target as HTMLSelectElement).value as typeof ends)}
        >
          {days.map((each) => (
            <option key={each} value={each} selected={each === ends}>
              {people.dayTexts[each]}
            </option>
          ))}
        </select>
      </label>
      <fieldset class="options">
        <legend>{people.scopes}</legend>
        {scopes.map((scope) => (
          <label key={scope} class="check">
            <input
              type="checkbox"
              checked={chosen.includes(scope)}
              onChange={() =>
                setChosen(
                  chosen.includes(scope) ? chosen.filter((each) => each !== scope) : [...chosen, scope],
                )
              }
            />
            {people.scopeTexts[scope]}
          </label>
        ))}
      </fieldset>
      <button type="submit" class="b-main" disabled={isChanging || chosen.length === 0}>
        {people.createToken}
      </button>
      {chosen.length === 0 && <p role="status">{people.needsScope}</p>}
    </form>
  );
}
