import { type ReactNode, useEffect, useRef, useState } from 'react'
import { isForbidden } from '../../data/problem.ts'
import { useKeys } from '../../keys/use-keys.ts'
import { useText } from '../../text/use-text.ts'
import { Panel } from '../../ui/page.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { useSessionSearch } from '../session/use-session-search.ts'
import { createLogFilter, matcherOf } from './filter-log.ts'
import { LOG_LEVELS, type LogLine } from './log-line.ts'
import { LogList, type LogPlace } from './log-list.tsx'
import { LOG } from './log-messages.ts'
import { newsAfter } from './log-summary.ts'
import { LogTools } from './log-tools.tsx'

interface LogPanelProps {
  readonly lines: readonly LogLine[]
  /** Why nothing is heard; null while something may be. */
  readonly error: unknown
}

/** What the run said and what happened, as it comes. */
export function LogPanel({ lines, error }: LogPanelProps): ReactNode {
  const t = useText(LOG)
  const [search, change] = useSessionSearch()
  // Whoever pauses the log reads what was there then.
  const [still, setStill] = useState<readonly LogLine[] | null>(null)
  const [filter] = useState(createLogFilter)
  const [box] = useState<{ kept: readonly LogLine[] }>(() => ({ kept: [] }))
  const place = useRef<LogPlace>(null)
  const all = still ?? lines
  const kept = filter(all, { level: search.level ?? null, query: search.q ?? '' })
  // A regular expression that is being typed takes nothing away.
  box.kept = kept ?? box.kept
  const isFollowing = search.follow !== 0 && still === null
  const setFollowing = (follow: boolean): void => change({ follow: follow ? undefined : 0 })
  const levels = Object.fromEntries(LOG_LEVELS.map((level, index) => [String(index + 1), () => change({ level })]))
  useKeys({ ...levels, 0: () => change({ level: undefined }), f: () => setFollowing(!isFollowing) })
  if (isForbidden(error)) return <Panel title={t('title')}>{<p className="muted">{t('notAllowed')}</p>}</Panel>
  return (
    <Panel title={t('title')} className="log" actions={<LogCount shown={box.kept.length} all={all.length} />}>
      <LogTools
        search={search}
        isQueryValid={matcherOf({ level: null, query: search.q ?? '' }) !== undefined}
        onChange={change}
        isFollowing={isFollowing}
        onFollow={setFollowing}
        newLines={still === null ? undefined : lines.length - still.length}
        onPause={() => setStill(still === null ? lines : null)}
        onToEnd={() => place.current?.toEnd()}
      />
      {error === null ? null : <ProblemNote error={error} />}
      {box.kept.length === 0 ? (
        <p className="muted log-empty">{t(lines.length === 0 ? 'nothing' : 'nothingFits')}</p>
      ) : null}
      <LogList
        lines={box.kept}
        isFollowing={isFollowing}
        onLeaveEnd={() => search.follow !== 0 && setFollowing(false)}
        place={place}
      />
      <News lines={lines} isQuiet={still !== null} />
    </Panel>
  )
}

function LogCount({ shown, all }: { readonly shown: number; readonly all: number }): ReactNode {
  const t = useText(LOG)
  return <span className="muted small">{shown === all ? t('lines', { shown }) : t('someLines', { shown, all })}</span>
}

const SAY_EVERY_MS = 5_000

/** Says every 5 s what came, to those who do not see it come. */
function News({ lines, isQuiet }: { readonly lines: readonly LogLine[]; readonly isQuiet: boolean }): ReactNode {
  const t = useText(LOG)
  const [text, setText] = useState('')
  const latest = useRef({ lines, isQuiet })
  latest.current = { lines, isQuiet }
  const told = useRef<number>(undefined)
  useEffect(() => {
    const say = (): void => {
      const { lines: present, isQuiet: quiet } = latest.current
      const news = newsAfter(present, told.current ?? present.at(-1)?.sequence ?? 0)
      told.current = present.at(-1)?.sequence ?? told.current
      setText(news.lines === 0 || quiet ? '' : t('news', { ...news }))
    }
    const timer = setInterval(say, SAY_EVERY_MS)
    return () => clearInterval(timer)
  }, [t])
  return (
    <p role="status" className="visually-hidden">
      {text}
    </p>
  )
}
