import { type JournalEntry, visibleText } from '@preceptor/client'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { personText, timeText } from '../data/format.ts'
import { usePowers } from '../data/roles.ts'
import { addressOfId } from '../shell/address-of-id.ts'
import { useText } from '../text/use-text.ts'
import { JsonView } from '../ui/json-view.tsx'
import { AUDIT } from './audit-messages.ts'
import type { AuditSearch } from './audit-search.ts'
import { actorOf } from './matching-rows.ts'

interface JournalRowProps {
  readonly entry: JournalEntry
  readonly search: AuditSearch
}

/** One row of the journal; it opens to its body in full. */
export function JournalRow({ entry, search }: JournalRowProps): ReactNode {
  const t = useText(AUDIT)
  const [isOpen, setOpen] = useState(false)
  const { kind, subjectId, agent, recordedAt, sequence } = entry
  const actor = actorOf(entry)
  return (
    <li className="journal-row">
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="journal-summary">
          <time dateTime={recordedAt} className="journal-time">
            {timeText(recordedAt)}
          </time>
          <code className="journal-kind">{visibleText(kind)}</code>
          <span className="journal-who">{actor === null ? '—' : visibleText(personText(actor))}</span>
          <span className="journal-subject">
            {visibleText(subjectId)}
            {agent === null || agent === subjectId || actor === `agent:${agent}` ? null : (
              <span className="muted"> · {visibleText(agent)}</span>
            )}
          </span>
          <span className="muted small journal-place">
            {sequence === null ? t('unsealed') : t('sequence', { sequence })}
          </span>
        </summary>
        {isOpen ? <RowDetail entry={entry} search={search} /> : null}
      </details>
    </li>
  )
}

function RowDetail({ entry, search }: JournalRowProps): ReactNode {
  const t = useText(AUDIT)
  const { supervises } = usePowers()
  const { subjectId, recordedAt, sequence, hash, body } = entry
  const actor = actorOf(entry)
  const address = addressOfId(subjectId)
  return (
    <div className="stack journal-detail">
      {supervises ? null : <p className="muted">{t('redacted')}</p>}
      <JsonView value={body} />
      <dl className="facts small">
        <dt>{t('recorded')}</dt>
        <dd>{recordedAt}</dd>
        <dt>{t('position')}</dt>
        <dd>{sequence === null ? t('unsealed') : sequence}</dd>
        <dt>{t('hash')}</dt>
        <dd>
          <code>{hash ?? '—'}</code>
        </dd>
      </dl>
      <p className="line">
        {address === undefined ? null : (
          <Link to={address as string} className="quiet-link">
            {visibleText(subjectId)}
          </Link>
        )}
        <Link to="/audit" search={{ ...search, subject: subjectId }} className="quiet-link">
          {t('narrow')}
        </Link>
        {actor === null ? null : (
          <Link to="/audit" search={{ ...search, actor }} className="quiet-link">
            {t('narrowActor', { who: visibleText(personText(actor)) })}
          </Link>
        )}
      </p>
    </div>
  )
}
