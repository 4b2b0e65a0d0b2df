import { useMemo } from 'preact/hooks';
import { visibleLine } from '../../display/characters.ts';
import { defanged, linksIn } from '../../display/links.ts';
import type { ExplanationAnswer } from '../../http/console-schemas.ts';
import { isCut, type Rereading, rereadings } from '../logic/reasons.ts';
import { useTexts } from '../texts/texts.ts';

const MOST = 5;

/** What was read differently from what was sent, with the code points of what a reader does not see. */
export function RereadingBox({ message, explanation }: { message: string; explanation: ExplanationAnswer }) {
  const { reread } = useTexts();
  const all = useMemo(() => rereadings(message, explanation), [message, explanation]);
  const cut = isCut(explanation);
  if (all.length === 0 && !cut) return null;
  return (
    <div class="undone">
      {all.length > 0 && <b>{reread.title}</b>}
      <ul>
        {all.slice(0, MOST).map((each) => (
          <Line key={each.start} message={message} rereading={each} />
        ))}
        {all.length > MOST && <li>{reread.more(all.length - MOST)}</li>}
        {cut && <li>{reread.cut}</li>}
      </ul>
    </div>
  );
}

function Line({ message, rereading }: { message: string; rereading: Rereading }) {
  const { reread } = useTexts();
  const { start, end, read, kinds, codePoints } = rereading;
  const names: Readonly<Record<string, string>> = reread.kinds;
  const isLink = linksIn(read).length > 0;
  return (
    <li>
      <bdi>“{visibleLine(message.slice(start, end), 60).replace(/\[U\+[0-9A-F]+\]/g, '')}”</bdi> {reread.as}{' '}
      <bdi class={isLink ? 'link' : 'read'}>
        {isLink ? defanged(visibleLine(read, 60)) : visibleLine(read, 60)}
      </bdi>{' '}
      <span class="kinds">({kinds.map((kind) => names[kind] ?? kind).join(', ')})</span>
      {codePoints.map((codePoint) => (
        <code key={codePoint} class="ctl">
          {codePoint}
        </code>
      ))}
    </li>
  );
}
