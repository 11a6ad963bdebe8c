import { memo, type ReactNode } from 'react'
import { useText } from '../../text/use-text.ts'
import type { LogLine } from './log-line.ts'
import { LOG } from './log-messages.ts'

const SIGNS = { debug: '·', info: 'i', warn: '▲', error: '✕' } as const

/** A line of the log: when, what it is, and what it says in full. */
export const LogRow = memo(function LogRow({ line }: { readonly line: LogLine }): ReactNode {
  const t = useText(LOG)
  const { at, kind, level, name, text } = line
  const word = level ?? (kind === 'happened' ? name : t(kind === 'output' ? 'output' : 'progress'))
  return (
    <>
      <time className="log-time" dateTime={at}>
        {clockTime(at)}
      </time>
      <span className={`log-kind log-kind-${level ?? kind}`}>
        <span aria-hidden="true">{level === null ? '◆' : SIGNS[level]}</span> {word}
      </span>
      <span className="log-text">{kind === 'output' ? t('outputLine', { length: text.length }) : text}</span>
    </>
  )
})

const clock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })

function clockTime(iso: string): string {
  return clock.format(new Date(iso))
}
