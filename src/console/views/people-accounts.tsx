import { type Role, roles } from '../../core/roles.ts';
import { visibleLine } from '../../display/characters.ts';
import type { AccountAnswer } from '../../http/account-schemas.ts';
import { useTexts } from '../texts/texts.ts';
import { ListTable, type PeopleCardProps, timeText } from './people-parts.tsx';
import { Name } from './small-parts.tsx';

/** The accounts, with what an admin may change of each. */
export function AccountsCard({ state, view, lists, own }: PeopleCardProps & { own: string }) {
  const { people } = useTexts();
  const heads = [people.name, people.role, people.lastLogin, people.sessions, people.actions];
  return (
    <div class="card table-card">
      <h2>{people.accounts}</h2>
      <ListTable label={people.accounts} heads={heads}>
        {lists.accounts.map((account) => (
          <AccountRow
            key={account.id}
            account={account}
            isOwn={account.name === own}
            sessions={lists.sessions.filter((session) => session.account === account.name).length}
            isChanging={view.isChanging}
            onChange={(body, effect) => state.put('PATCH', `accounts/${account.id}`, effect, body)}
            onEnd={(effect) => state.put('DELETE', `accounts/${account.id}/sessions`, effect)}
          />
        ))}
      </ListTable>
    </div>
  );
}

interface RowProps {
  readonly account: AccountAnswer;
  readonly isOwn: boolean;
  readonly sessions: number;
  readonly isChanging: boolean;
  readonly onChange: (body: object, effect: string) => Promise<void>;
  readonly onEnd: (effect: string) => Promise<void>;
}

function AccountRow({ account, isOwn, sessions, isChanging, onChange, onEnd }: RowProps) {
  const texts = useTexts();
  const { people } = texts;
  const { id, role, disabled_at, logged_in_at, openid, has_password } = account;
  const name = visibleLine(account.name, 60);
  const isDisabled = disabled_at !== null;
  return (
    <tr>
      <td data-name={people.name}>
        <Name>{account.name}</Name> {isOwn && <span class="tag tag-plain">{people.you}</span>}{' '}
        {isDisabled && <span class="tag tag-warn">{people.disabled}</span>}{' '}
        {openid ? (
          <span class="tag tag-plain">{people.byProvider}</span>
        ) : (
          !has_password && <span class="tag tag-warn">{people.noPassword}</span>
        )}
      </td>
      <td data-name={people.role}>
        <select
          // Drawn again with what the server has, also where it refused.
          key={`${id} ${role} ${isChanging}`}
          aria-label={people.roleOf(name)}
          disabled={isChanging}
          value={role}
          onChange={(event) =>
            void onChange({ role: (event.target as HTMLSelectElement).value }, people.effects.role(name))
          }
          title={openid ? people.byProviderHint : undefined}
        >
          {roles.map((each: Role) => (
            <option key={each} value={each} selected={each === role}>
              {texts.roles[each]}
            </option>
          ))}
        </select>
        {openid && <div class="hint">{people.byProviderHint}</div>}
      </td>
      <td data-name={people.lastLogin} class="time">
        {logged_in_at === null ? people.never : timeText(logged_in_at)}
      </td>
      <td data-name={people.sessions} class="number">
        {sessions}
      </td>
      <td data-name={people.actions}>
        <div class="row-of-buttons">
          <button
            type="button"
            aria-label={people.of(people.endSessions, name)}
            disabled={isChanging || sessions === 0}
            onClick={() => void onEnd(people.effects.ended(name))}
          >
            {people.endSessions}
          </button>
          <button
            type="button"
            aria-label={people.of(isDisabled ? people.enable : people.disable, name)}
            // Nobody who locks themselves out could undo it.
            disabled={isChanging || isOwn}
            onClick={() =>
              void onChange(
                { disabled: !isDisabled },
                isDisabled ? people.effects.enabled(name) : people.effects.disabled(name),
              )
            }
          >
            {isDisabled ? people.enable : people.disable}
          </button>
        </div>
      </td>
    </tr>
  );
}
