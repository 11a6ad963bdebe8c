import { Tabs } from '@base-ui/react/tabs'
import { type ArgChange, type ProposalCard, visibleText } from '@preceptor/client'
import { type ReactNode, useEffect, useRef } from 'react'
import { readablePointer } from '../data/arg-changes.ts'
import { listText, timeText } from '../data/format.ts'
import { useText } from '../text/use-text.ts'
import { JsonView } from '../ui/json-view.tsx'
import { CARD } from './card-messages.ts'
import { ChangeList } from './change-list.tsx'
import { PreviewBlocks } from './preview-blocks.tsx'
import type { CardTab, CardView } from './use-card-view.ts'

interface CardTabsProps {
  readonly card: ProposalCard
  readonly view: CardView
}

/** What will happen: the preview, the exact args, and what differs from what was approved before. */
export function CardTabs({ card, view }: CardTabsProps): ReactNode {
  const t = useText(CARD)
  const { proposal, changes, edits, masked } = card
  const differences = changes.entries.length + edits.length
  return (
    <section className="panel" aria-labelledby="what-title">
      <h3 id="what-title" className="panel-title">
        {t('whatHappens')}
      </h3>
      <Tabs.Root value={view.tab} onValueChange={(tab: CardTab) => view.setTab(tab)}>
        <Tabs.List className="tabs">
          <Tabs.Tab value="preview" className="tab">
            {t('preview')}
          </Tabs.Tab>
          <Tabs.Tab value="json" className="tab">
            {t('json')}
          </Tabs.Tab>
          <Tabs.Tab value="changes" className="tab">
            {t('changes', { count: differences })}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="preview" className="tab-panel" tabIndex={-1}>
          <PreviewBlocks blocks={card.preview} />
        </Tabs.Panel>
        <Tabs.Panel value="json" className="tab-panel" tabIndex={-1}>
          <JsonView value={proposal.args} />
          {masked.length === 0 ? null : (
            <p className="note note-warn">
              {t('hiddenBySchema', { names: visibleText(listText(masked.map(readablePointer))) })}
            </p>
          )}
          <EndMark onSeen={view.seePayload} />
        </Tabs.Panel>
        <Tabs.Panel value="changes" className="tab-panel" tabIndex={-1}>
          <Changes card={card} />
        </Tabs.Panel>
      </Tabs.Root>
    </section>
  )
}

/** Tells when the end of the payload was on the screen. */
function EndMark({ onSeen }: { readonly onSeen: () => void }): ReactNode {
  const t = useText(CARD)
  const mark = useRef<HTMLParagraphElement>(null)
  useEffect(() => {
    const element = mark.current
    if (element === null) return
    // The decision stands over the page: what is behind it is not seen.
    const look = (): void => {
      const { left, top, bottom, height } = element.getBoundingClientRect()
      // Whoever scrolls fast goes by it between two frames.
      const isPast = bottom < 0
      if (isPast || element.contains(document.elementFromPoint(left + 1, top + height / 2))) onSeen()
    }
    const observer = new IntersectionObserver(look)
    observer.observe(element)
    window.addEventListener('scroll', look, { capture: true, passive: true })
    return () => {
      observer.disconnect()
      window.removeEventListener('scroll', look, { capture: true })
    }
  }, [onSeen])
  return (
    <p ref={mark} className="muted small">
      {t('endOfArguments')}
    </p>
  )
}

function Changes({ card }: { readonly card: ProposalCard }): ReactNode {
  const t = useText(CARD)
  const { changes, edits } = card
  const { against, entries } = changes
  return (
    <>
      {edits.length === 0 ? null : (
        <ChangeSection title={t('reviewerChanged', { count: edits.length })} changes={edits} />
      )}
      {against === null ? (
        <p className="muted">{t('nothingToCompare')}</p>
      ) : (
        <ChangeSection title={t('againstLast', { time: timeText(against.decidedAt) })} changes={entries} />
      )}
    </>
  )
}

function ChangeSection(props: { readonly title: string; readonly changes: readonly ArgChange[] }): ReactNode {
  const t = useText(CARD)
  return (
    <>
      <h4 className="sub-title">{props.title}</h4>
      {props.changes.length === 0 ? (
        <p className="muted">{t('sameArguments')}</p>
      ) : (
        <ChangeList changes={props.changes} />
      )}
    </>
  )
}
