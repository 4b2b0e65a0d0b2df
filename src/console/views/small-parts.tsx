import type { ComponentChildren } from 'preact';
import { visibleLine } from '../../display/characters.ts';

/** A name that somebody else chose: on one line, isolated, with nothing hidden in it. */
export function Name({ children, most = 60 }: { children: string; most?: number }) {
  return <bdi class="name">{visibleLine(children, most)}</bdi>;
}

/** What is shown in place of content: what it is, and what to do next. */
export function Notice({
  title,
  children,
  kind = 'plain',
}: {
  title: string;
  children?: ComponentChildren;
  kind?: 'plain' | 'problem';
}) {
  return (
    <div class={`notice notice-${kind}`}>
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Key({ children }: { children: string }) {
  return (
    <span class="kbd" aria-hidden="true">
      {children.toUpperCase()}
    </span>
  );
}
