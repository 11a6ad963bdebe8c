import { useState } from 'react'

/** The ways to look at what will run. */
export type CardTab = 'preview' | 'json' | 'changes'

/** What of a card is shown, and whether its payload was seen to the end. */
export interface CardView {
  readonly tab: CardTab
  /** The end of the exact args was on the screen. */
  readonly isPayloadSeen: boolean
  setTab(tab: CardTab): void
  seePayload(): void
}

/** The view of one card; it begins anew with each card. */
export function useCardView(): CardView {
  const [tab, setTab] = useState<CardTab>('preview')
  const [isPayloadSeen, setSeen] = useState(false)
  return { tab, isPayloadSeen, setTab, seePayload: () => setSeen(true) }
}
