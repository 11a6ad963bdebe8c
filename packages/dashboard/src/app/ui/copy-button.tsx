import { type ReactNode, useState } from 'react'
import { useText } from '../text/use-text.ts'
import { useAnnounce } from './announcer.tsx'
import { Button } from './button.tsx'
import { UI } from './ui-messages.ts'

const SHOWN_MS = 2_000

/** Copies a text. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  const t = useText(UI)
  const [isCopied, setCopied] = useState(false)
  const announce = useAnnounce()
  const copy = (): void => {
    navigator.clipboard?.writeText(text).then(
      () => {
        announce(t('copiedSaid'))
        setCopied(true)
        setTimeout(() => setCopied(false), SHOWN_MS)
      },
      () => announce(t('copyRefused')),
    )
  }
  return (
    <Button kind="quiet" onClick={copy}>
      {isCopied ? t('copied') : label}
    </Button>
  )
}
