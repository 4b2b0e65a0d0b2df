import { useState } from 'preact/hooks';
import { roles } from '../../core/roles.ts';
import { useTexts } from '../texts/texts.ts';
import { ListTable, type PeopleCardProps, SecretBox, timeText } from './people-parts.tsx';
import { Name } from './small-parts.tsx';

/** Links that each let one person in. */
export function InvitationsCard({ state, view, lists }: PeopleCardProps) {
  const texts = useTexts();
  const { people } = texts;
  const [role, setRole] = useState('moderator');
  const { isChanging } = view;
  const secret = view.secrets.find(({ of }) => of === 'invitation');
  const heads = [people.role, people.actions, people.createdBy, people.ends];
  return (
    <div class="card table-card">
      <h2>{people.invitations}</h2>
      <p class="hint in-card">{people.invitationsHint}</p>
      <form
        class="in-card line-form"
        onSubmit={(event) => {
          event.preventDefault();
          void state.invite(role);
        }}
      >
        <label>
          {people.inviteRole}
          <select value={role} onChange={(event) => setRole((event.target as HTMLSelectElement).value)}>
            {roles.map((each) => (
              <option key={each} value={each} selected={each === role}>
                {texts.roles[each]}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" class="b-main" disabled={isChanging}>
          {people.invite}
        </button>
      </form>
      {secret !== undefined && (
        <SecretBox key={secret.value} secret={secret} onDone={() => state.forgetSecret('invitation')} />
      )}
      {lists.invitations.length === 0 ? (
        <p class="in-card">{people.noInvitations}</p>
      ) : (
        <ListTable label={people.invitations} heads={heads}>
          {lists.invitations.map(({ id, kind, role: invited, created_by, ends_at }) => (
            <tr key={id}>
              <td data-name={people.role}>
                {texts.roles[invited]}{' '}
                {kind === 'first-admin' && <span class="tag tag-plain">{people.firstAdmin}</span>}
              </td>
              <td data-name={people.actions}>
                <button
                  type="button"
                  aria-label={people.of(people.revoke, `${texts.roles[invited]}, ${timeText(ends_at)}`)}
                  disabled={isChanging}
                  onClick={() => void state.put('DELETE', `invitations/${id}`, people.effects.revoked)}
                >
                  {people.revoke}
                </button>
              </td>
              <td data-name={people.createdBy}>
                <Name>{created_by}</Name>
              </td>
              <td data-name={people.ends} class="time">
                {timeText(ends_at)}
              </td>
            </tr>
          ))}
        </ListTable>
      )}
    </div>
  );
}
